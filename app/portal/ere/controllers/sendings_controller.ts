import type { HttpContext } from '@adonisjs/core/http'
import { sendingPage, toSending } from '#portal/ere/pages'
import RecipientSession from '#portal/ere/session'

/** What waits for the recipient, wherever it stands. */
export default class SendingsController {
  show(ctx: HttpContext) {
    return sendingPage(ctx)
  }

  /** Leaves it on a borrowed telephone. */
  destroy(ctx: HttpContext) {
    RecipientSession.close(ctx.session)
    return toSending(ctx)
  }
}
