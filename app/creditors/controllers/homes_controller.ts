import type { HttpContext } from '@adonisjs/core/http'
import { ownCreditor } from '#creditors/own_creditor'
import CreditorPage from '#creditors/queries/creditor_page'
import { clock } from '#shared/clock'

/** Where a creditor's people arrive: their files at a glance, and what to do. */
export default class HomesController {
  async show(ctx: HttpContext) {
    const creditor = await ownCreditor(ctx)
    return ctx.view.render('pages/creditors/home', await new CreditorPage(creditor).read(clock.today()))
  }
}
