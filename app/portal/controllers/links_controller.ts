import type { HttpContext } from '@adonisjs/core/http'
import { findLink } from '#claims/portal_link'
import { guarded } from '#portal/guesses'
import { closedPage, discreet } from '#portal/pages'
import PortalSession from '#portal/session'

/** A debtor's link: it opens a session and leaves the address at once. */
export default class LinksController {
  async show(ctx: HttpContext) {
    const { params, response, session } = ctx
    const link = await guarded(ctx.request.ip(), () => findLink(String(params.token)))
    if (!link) return closedPage(ctx)
    await PortalSession.open(session, link)
    discreet(ctx)
    return response.redirect().status(303).toPath('/p')
  }
}
