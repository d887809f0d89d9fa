import type { HttpContext } from '@adonisjs/core/http'
import { homeOf } from '#middleware/navigation'
import AcceptInvitation from '#users/actions/accept_invitation'
import Invitation from '#users/models/invitation'
import { signIn } from '#users/session'
import { chosenPasswordValidator } from '#users/validators'

/** The page behind an invitation link: choose a password. Looking at it spends nothing. */
export default class InvitationsController {
  async edit({ params, response, view }: HttpContext) {
    const invitation = await Invitation.openFor(params.token)
    if (!invitation) return response.status(404).send(await view.render('pages/users/invitation_over'))
    return view.render('pages/users/invitation', { user: invitation.user, token: params.token })
  }

  async update(ctx: HttpContext) {
    const { password } = await ctx.request.validateUsing(chosenPasswordValidator)
    const user = await new AcceptInvitation().handle({ token: ctx.params.token, password })
    if (!user) {
      return ctx.response.status(404).send(await ctx.view.render('pages/users/invitation_over'))
    }
    await signIn(ctx, user)
    return ctx.response.redirect(homeOf(user.role))
  }
}
