import { randomUUID } from 'node:crypto'
import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { refuseField } from '#shared/forms'
import { loadOwed } from '#claims/owed'
import { findClaim, visibleClaims } from '#claims/visible_claims'
import Creditor from '#creditors/models/creditor'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { PAYMENT_METHODS, REPORTED } from '#payments/models/payment'
import { readPaymentFilters } from '#payments/payment_filters'
import { PaymentList } from '#payments/queries/payment_list'
import { receiptsToDispatch } from '#payments/queries/receipts_to_dispatch'
import { waitingMoney } from '#payments/queries/waiting_money'
import { manualMethodsOf, manualPayment } from '#payments/validators'

const DISPATCHES_SHOWN = 50

/** Encaissements: the money received, what waits for a person, and what a person writes down. */
export default class PaymentsController {
  async index({ auth, request, view }: HttpContext) {
    const user = auth.getUserOrFail()
    const { filters, page, asked } = await readPaymentFilters(request, user)
    const staff = user.role !== 'creditor'
    return view.render('pages/payments/index', {
      found: await new PaymentList(filters).page(page),
      waiting: staff ? await waitingMoney() : null,
      dispatches: staff ? await receiptsToDispatch(DISPATCHES_SHOWN) : [],
      creditors: staff ? await Creditor.query().orderBy('name') : [],
      methods: PAYMENT_METHODS,
      search: new URLSearchParams(request.qs() as Record<string, string>).toString(),
      asked,
      user,
    })
  }

  async create({ auth, request, view }: HttpContext) {
    const user = auth.getUserOrFail()
    const ref = String(request.input('claim') ?? '').trim()
    const claim = await visibleClaims(user).where('ref', ref).preload('debtor').preload('creditor').first()
    return view.render('pages/payments/create', {
      ref,
      claim,
      owed: claim ? await loadOwed(claim.id, clock.today()) : null,
      methods: manualMethodsOf(user.role),
      today: clock.today(),
      formKey: randomUUID(),
    })
  }

  async store(ctx: HttpContext) {
    const user = ctx.auth.getUserOrFail()
    const { formKey, amount, ...written } = await ctx.request.validateUsing(manualPayment)
    if (!manualMethodsOf(user.role).includes(written.method)) {
      return refuseField(ctx, 'method', 'payments.create.cash_refused')
    }
    if (amount <= 0) return refuseField(ctx, 'amount', 'payments.create.amount_refused')
    if (written.receivedOn > clock.today())
      return refuseField(ctx, 'receivedOn', 'payments.create.future_refused')
    const claim = await findClaim(user, written.claim)
    const { outcome, payment } = await new ReceivePayment().handle({
      source: `manual:${claim.id}:${formKey}`,
      claimId: claim.id,
      method: written.method,
      amountCents: amount,
      receivedOn: written.receivedOn,
      destinationAccount: written.direct ? REPORTED : null,
      note: written.note,
      userId: user.id,
    })
    const said = payment.suspenseCents > 0 ? 'with_surplus' : outcome
    ctx.session.flash('success', ctx.i18n.t(`payments.create.${said}`, { ref: payment.ref }))
    return ctx.response.redirect().toPath(`/claims/${claim.ref}`)
  }
}
