import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'
import type User from '#users/models/user'

/** Where the holder of a token chooses a password. */
export const invitationUrl = (token: string) => `${appUrl}/invitations/${token}`

/** Shows the link on the next page, once: it is kept nowhere. */
export function showInvitation({ session }: HttpContext, user: User, token: string) {
  session.flash('invitation', { name: user.fullName, url: invitationUrl(token) })
}
