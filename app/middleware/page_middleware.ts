import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

/**
 * What every page says to the browser besides CSP: no referrer leaves our
 * address, nothing private is cached. Within our address the referrer is kept,
 * because a refused form goes back to the page it came from.
 */
export default class PageMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    ctx.response.header('Referrer-Policy', 'same-origin')
    ctx.response.header('Cache-Control', 'private, no-store')
    ctx.response.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()')
    return next()
  }
}
