import type { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'
import { clock } from '#shared/clock'
import { refuseField } from '#shared/forms'
import { pageAsked } from '#shared/pages'
import Creditor from '#creditors/models/creditor'
import { PrepareRemittances } from '#banking/remittances/actions/prepare_remittances'
import Remittance from '#banking/remittances/models/remittance'
import RemittanceLine from '#banking/remittances/models/remittance_line'
import TransferRefusal from '#banking/remittances/models/transfer_refusal'
import TransferOrder from '#banking/remittances/models/transfer_order'
import { remittancesDue } from '#banking/remittances/queries/obligations'
import { preparedWithReturns } from '#banking/remittances/queries/owed_payments'
import { preparation } from '#banking/remittances/validators'
import { visibleRemittances } from '#banking/remittances/visible_remittances'

const PAGE_SIZE = 50

/** What is paid to creditors: prepared, ordered from the bank, left. */
export default class RemittancesController {
  async index({ auth, request, view }: HttpContext) {
    const user = auth.getUserOrFail()
    const staff = user.role !== 'creditor'
    const today = clock.today()
    const remittances = await visibleRemittances(user)
      .preload('creditor')
      .preload('order')
      .orderBy('id', 'desc')
      .paginate(pageAsked(request.input('page')), PAGE_SIZE)
    return view.render('pages/remittances/index', {
      remittances,
      due: staff ? await remittancesDue(today) : [],
      prepared: staff ? await Remittance.findBy('state', 'prepared') : null,
      order: staff ? await lastOrder() : null,
      someDirect: (await Creditor.query().whereNotNull('stripeAccount').first()) !== null,
      today,
      user,
    })
  }

  async show({ auth, params, request, view }: HttpContext) {
    const user = auth.getUserOrFail()
    const remittance = await visibleRemittances(user)
      .where('ref', params.ref)
      .preload('creditor')
      .preload('order')
      .preload('feeInvoice', (invoice) => invoice.preload('settlement'))
      .firstOrFail()
    const lines = await RemittanceLine.query()
      .where('remittanceId', remittance.id)
      .preload('payment', (payment) => payment.preload('claim', (claim) => claim.preload('debtor')))
      .orderBy('id')
      .paginate(pageAsked(request.input('page')), PAGE_SIZE)
    const wentBack = remittance.state === 'prepared' && (await preparedWithReturns(db.connection()))
    return view.render('pages/remittances/show', {
      remittance,
      lines,
      refusals: await TransferRefusal.query()
        .where('remittanceId', remittance.id)
        .preload('order')
        .preload('user')
        .orderBy('attempt', 'desc'),
      inOrder: remittance.orderId ? await orderedIn(remittance.orderId) : 0,
      wentBack: wentBack && wentBack.includes(remittance.ref),
      today: clock.today(),
      user,
    })
  }

  async store(ctx: HttpContext) {
    const { until } = await ctx.request.validateUsing(preparation)
    if (until > clock.today()) return refuseField(ctx, 'until', 'remittances.prepare.future_refused')
    const prepared = await new PrepareRemittances().handle({ until })
    ctx.session.flash('success', ctx.i18n.t('remittances.prepare.done', { count: prepared.length }))
    return ctx.response.redirect().toPath('/remittances')
  }
}

/** How many transfers of an order nobody has marked as paid. */
const orderedIn = async (orderId: number) => {
  const [row] = await Remittance.query().where({ orderId, state: 'exported' }).count('* as total')
  return Number(row!.$extras.total)
}

/** The last order given to the bank, while its transfers are not all confirmed. */
const lastOrder = () =>
  TransferOrder.query()
    .whereHas('remittances', (remittances) => remittances.where('state', 'exported'))
    .orderBy('id', 'desc')
    .first()
