import type { HttpContext } from '@adonisjs/core/http'
import { transaction } from '#shared/transaction'
import AddContactPoint from '#debtors/actions/add_contact_point'
import { recordEvent } from '#claims/events'
import { findClaim } from '#claims/visible_claims'
import { contactForm } from '#claims/validators'

/** The ways to reach a debtor, added from the file. */
export default class ContactsController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const user = auth.getUserOrFail()
    const claim = await findClaim(user, params.ref)
    const { kind, value, label } = await request.validateUsing(contactForm)
    await transaction(async (trx) => {
      await new AddContactPoint().handle({ debtorId: claim.debtorId, kind, value, label: label ?? null }, trx)
      await recordEvent(trx, {
        claimId: claim.id,
        type: 'debtor.contact_added',
        actor: 'user',
        userId: user.id,
        detail: { kind, value },
      })
    })
    session.flash('success', i18n.t('claims.flash.contact'))
    return response.redirect().toPath(`/claims/${claim.ref}#contacts`)
  }
}
