import type { HttpContext } from '@adonisjs/core/http'
import CreateCreditor from '#creditors/actions/create_creditor'
import Creditor from '#creditors/models/creditor'
import CreditorList from '#creditors/queries/creditor_list'
import CreditorPage from '#creditors/queries/creditor_page'
import { creditorValidator } from '#creditors/validators'
import { clock } from '#shared/clock'
import { pageAsked } from '#shared/pages'
import { transaction } from '#shared/transaction'

/** Those whose invoices the agency collects. */
export default class CreditorsController {
  async index({ request, view }: HttpContext) {
    const { q, page } = request.qs()
    const typed = typeof q === 'string' ? q : ''
    const found = await new CreditorList({ q: typed, on: clock.today() }).page(pageAsked(page))
    return view.render('pages/creditors/index', { ...found, q: typed })
  }

  async show({ params, view }: HttpContext) {
    const creditor = await Creditor.ofRef(params.ref)
    return view.render('pages/creditors/show', await new CreditorPage(creditor).read(clock.today()))
  }

  async create({ view }: HttpContext) {
    return view.render('pages/creditors/create')
  }

  async store({ request, response, session, i18n }: HttpContext) {
    const creditor = await new CreateCreditor().handle(await request.validateUsing(creditorValidator))
    session.flash('success', i18n.t('creditors.created', { name: creditor.name, ref: creditor.ref }))
    return response.redirect(`/creditors/${creditor.ref}/mandates/create`)
  }

  async edit({ params, view }: HttpContext) {
    return view.render('pages/creditors/edit', { creditor: await Creditor.ofRef(params.ref) })
  }

  async update({ params, request, response, session, i18n }: HttpContext) {
    const creditor = await Creditor.ofRef(params.ref)
    const settings = await request.validateUsing(creditorValidator)
    await transaction((trx) =>
      creditor
        .useTransaction(trx)
        .merge({ ...settings, updatedAt: clock.now() })
        .save()
    )
    session.flash('success', i18n.t('creditors.saved', { name: creditor.name }))
    return response.redirect(`/creditors/${creditor.ref}`)
  }
}
