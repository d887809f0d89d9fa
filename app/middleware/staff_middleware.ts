import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { homeOf } from '#middleware/navigation'
import User, { type Role } from '#users/models/user'
import { sessionHolds, signOut } from '#users/session'

/**
 * Lets in signed-in users of the given roles; guests go to the sign-in page (to
 * the first run on an empty installation), others get the page that says they
 * may not. Every back-office route names its roles here, and
 * docs/authorisation.json is generated from that.
 */
export default class StaffMiddleware {
  async handle(ctx: HttpContext, next: NextFn, options: { roles: Role[] }) {
    if (!(await ctx.auth.check()) && !(await User.any())) return ctx.response.redirect('/setup')
    await ctx.auth.authenticateUsing(['web'], { loginRoute: '/sign-in' })
    const user = ctx.auth.getUserOrFail()
    if (!sessionHolds(ctx, user)) {
      await signOut(ctx)
      return ctx.response.redirect('/sign-in')
    }
    if (options.roles.includes(user.role)) return next()
    if (ctx.request.url() === '/') return ctx.response.redirect(homeOf(user.role))
    return ctx.response.status(403).send(await ctx.view.render('pages/errors/forbidden'))
  }
}
