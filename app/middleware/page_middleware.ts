import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

/** What every page says to the browser besides CSP: no referrer leaves, nothing private is cached. */
export default class PageMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    ctx.response.header('Referrer-Policy', 'no-referrer')
    ctx.response.header('Cache-Control', 'private, no-store')
    ctx.response.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()')
    return next()
  }
}
