import type { HttpContext } from '@adonisjs/core/http'
import CancelCreditNote from '#claims/actions/cancel_credit_note'
import CreditNote from '#claims/models/credit_note'
import { findClaim } from '#claims/visible_claims'

/** A credit note that does not count any more. */
export default class CreditNoteCancellationsController {
  async store({ auth, params, response, session, i18n }: HttpContext) {
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const note = await CreditNote.query().where('claimId', claim.id).where('id', params.id).firstOrFail()
    const done = await new CancelCreditNote().handle({ note, by })
    session.flash('success', i18n.t(`claims.credit_notes.${done}`))
    return response.redirect().toPath(`/claims/${claim.ref}#credit-notes`)
  }
}
