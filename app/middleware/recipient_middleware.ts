import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { closedPage } from '#portal/pages'
import { recipientPage } from '#portal/ere/pages'
import RecipientSession from '#portal/ere/session'

/** Lets in who opened an ERE's link that is still good; everyone else sees the page that a bad link gives. */
export default class RecipientMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const recipient = await RecipientSession.current(ctx.session)
    if (!recipient) return closedPage(ctx)
    ctx.recipient = recipient
    await recipientPage(ctx)
    return next()
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    recipient: RecipientSession
  }
}
