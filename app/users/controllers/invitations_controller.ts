import type { HttpContext } from '@adonisjs/core/http'
import { homeOf } from '#middleware/navigation'
import AcceptInvitation from '#users/actions/accept_invitation'
import Invitation from '#users/models/invitation'
import { signIn } from '#users/session'
import { chosenPasswordValidator } from '#users/validators'

/** The page behind an invitation link: choose a password. Looking at it spends nothing. */
export default class InvitationsController {
  async edit(ctx: HttpContext) {
    const invitation = await Invitation.openFor(ctx.params.token)
    if (!invitation) return this.#over(ctx)
    return ctx.view.render('pages/users/invitation', { user: invitation.user, token: ctx.params.token })
  }

  async update(ctx: HttpContext) {
    const { token } = ctx.params
    if (!(await Invitation.openFor(token))) return this.#over(ctx)
    const { password } = await ctx.request.validateUsing(chosenPasswordValidator)
    const user = await new AcceptInvitation().handle({ token, password })
    if (!user) return this.#over(ctx)
    await signIn(ctx, user)
    return ctx.response.redirect(homeOf(user.role))
  }

  /** Used, too old or never made: one page for all. */
  async #over({ response, view }: HttpContext) {
    return response.status(404).send(await view.render('pages/users/invitation_over'))
  }
}
