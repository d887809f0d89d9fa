import type { HttpContext } from '@adonisjs/core/http'
import { refuseField } from '#shared/forms'
import { formatEuros } from '#shared/money'
import RecordCreditNote from '#claims/actions/record_credit_note'
import { creditNoteForm } from '#claims/validators'
import { findClaim } from '#claims/visible_claims'

/** The creditor's credit notes on a file (rule 27), written down by staff or by the creditor. */
export default class CreditNotesController {
  async store(ctx: HttpContext) {
    const { auth, params, request, response, session, i18n } = ctx
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const form = await request.validateUsing(creditNoteForm)
    if (form.amount === 0) return refuseField(ctx, 'amount', 'claims.credit_notes.no_amount')
    const invoiceId = form.invoice
      ? (await claim.related('invoices').query().where('id', form.invoice).firstOrFail()).id
      : null
    const { number, issued_on: issuedOn, amount: amountCents } = form
    const done = await new RecordCreditNote().handle({ claim, number, issuedOn, amountCents, invoiceId, by })
    const values = done.outcome === 'more_than_due' ? { most: formatEuros(done.mostCents) } : {}
    session.flash(
      done.outcome === 'recorded' ? 'success' : 'error',
      i18n.t(`claims.credit_notes.${done.outcome}`, values)
    )
    return response.redirect().toPath(`/claims/${claim.ref}#credit-notes`)
  }
}
