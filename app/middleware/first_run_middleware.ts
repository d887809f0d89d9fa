import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import User from '#users/models/user'

/** The first run belongs to an installation with no user yet; afterwards its pages lead away and do nothing. */
export default class FirstRunMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    if (await User.any()) return ctx.response.redirect('/')
    return next()
  }
}
