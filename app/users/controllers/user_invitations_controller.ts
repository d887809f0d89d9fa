import type { HttpContext } from '@adonisjs/core/http'
import { transaction } from '#shared/transaction'
import { showInvitation } from '#users/invitation_link'
import Invitation from '#users/models/invitation'
import User from '#users/models/user'

/** A new link for a user to choose a password, whether first or forgotten. */
export default class UserInvitationsController {
  async store(ctx: HttpContext) {
    const user = await User.query().where('id', ctx.params.id).whereNull('disabledAt').firstOrFail()
    showInvitation(ctx, user, await transaction((trx) => Invitation.issue(trx, user)))
    return ctx.response.redirect(`/settings/users/${user.id}/edit`)
  }
}
