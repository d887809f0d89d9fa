import type { HttpContext } from '@adonisjs/core/http'
import { letterhead } from '#portal/pages'

/** The accessibility statement: open to all, with or without a session. */
export default class NoticesController {
  async show(ctx: HttpContext) {
    await letterhead(ctx, null)
    return ctx.view.render('pages/portal/accessibility')
  }
}
