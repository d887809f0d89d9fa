import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import type { Role } from '#users/models/user'

/**
 * Lets in signed-in users of the given roles; guests go to the sign-in page,
 * others get the page that says they may not. Every back-office route names its
 * roles here, and docs/authorisation.json is generated from that.
 */
export default class StaffMiddleware {
  async handle(ctx: HttpContext, next: NextFn, options: { roles: Role[] }) {
    await ctx.auth.authenticateUsing(['web'], { loginRoute: '/sign-in' })
    const user = ctx.auth.getUserOrFail()
    if (user.disabledAt || !options.roles.includes(user.role)) {
      ctx.response.status(403)
      return ctx.view.render('pages/errors/forbidden')
    }
    return next()
  }
}
