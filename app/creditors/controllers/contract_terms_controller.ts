import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { refuseField } from '#shared/forms'
import RecordContractTerms from '#creditors/actions/record_contract_terms'
import ContractTerm, { ALLOCATION_ORDERS, DAY_COUNTS } from '#creditors/models/contract_term'
import Creditor from '#creditors/models/creditor'
import { contractValidator } from '#creditors/validators'

/** What a creditor's contracts say of late payment: day count, rate, order of allocation (rules 21 and 25). */
export default class ContractTermsController {
  async edit({ params, view }: HttpContext) {
    const creditor = await Creditor.ofRef(params.ref)
    return view.render('pages/creditors/contract', {
      creditor,
      contract: await ContractTerm.ofCreditor(creditor.id).first(),
      dayCounts: DAY_COUNTS,
      orders: ALLOCATION_ORDERS,
      today: clock.today(),
    })
  }

  async update(ctx: HttpContext) {
    const { auth, params, request, response, session, i18n } = ctx
    const creditor = await Creditor.ofRef(params.ref)
    const { rateBps, clause, ...form } = await request.validateUsing(contractValidator)
    const terms = { ...form, rateBps: rateBps || null, clause: clause ?? null }
    const done = await new RecordContractTerms().handle(creditor, terms, auth.getUserOrFail())
    if (done === 'clause_required') return refuseField(ctx, 'clause', 'creditors.contract.clause_required')
    session.flash('success', i18n.t('creditors.contract.saved'))
    return response.redirect(`/creditors/${creditor.ref}`)
  }
}
