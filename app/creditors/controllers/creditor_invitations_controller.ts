import type { HttpContext } from '@adonisjs/core/http'
import Creditor from '#creditors/models/creditor'
import { transaction } from '#shared/transaction'
import { showInvitation } from '#users/invitation_link'
import Invitation from '#users/models/invitation'

/** A new link for one of the creditor's people to choose a password. */
export default class CreditorInvitationsController {
  async store(ctx: HttpContext) {
    const creditor = await Creditor.ofRef(ctx.params.ref)
    const user = await creditor
      .related('users')
      .query()
      .where('id', ctx.params.id)
      .whereNull('disabledAt')
      .firstOrFail()
    showInvitation(ctx, user, await transaction((trx) => Invitation.issue(trx, user)))
    return ctx.response.redirect(`/creditors/${creditor.ref}`)
  }
}
