import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { closedPage, letterhead } from '#portal/pages'
import PortalSession from '#portal/session'

/**
 * Lets in who opened a link that is still good, and gives the page who writes
 * and about which file. Everyone else sees the page that a bad link gives.
 */
export default class DebtorMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const portal = await PortalSession.current(ctx.session)
    if (!portal) return closedPage(ctx)
    ctx.portal = portal
    await letterhead(ctx, portal)
    return next()
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    portal: PortalSession
  }
}
