import type { HttpContext } from '@adonisjs/core/http'
import DecideRow from '#imports/actions/decide_row'
import Import from '#imports/models/import'
import type ImportRow from '#imports/models/import_row'
import { decisionForm } from '#imports/validators'

/** A person leaves a row out, or takes one that looks like a duplicate; or gives it back to the rules. */
export default class RowDecisionsController {
  async store(ctx: HttpContext) {
    const { decision } = await ctx.request.validateUsing(decisionForm)
    return this.decide(ctx, decision)
  }

  async destroy(ctx: HttpContext) {
    return this.decide(ctx, null)
  }

  private async decide(
    { auth, params, response, session, i18n }: HttpContext,
    decision: ImportRow['decision']
  ) {
    const staged = await Import.visibleTo(auth.getUserOrFail()).where('ref', params.ref).firstOrFail()
    const row = await staged.related('rows').query().where('row', params.row).firstOrFail()
    const { outcome } = await new DecideRow().handle({ staged, row, decision })
    const said = outcome === 'settled' ? 'settled' : `row_${decision ?? 'back'}`
    session.flash(
      outcome === 'settled' ? 'error' : 'success',
      i18n.t(`imports.flash.${said}`, { row: row.row })
    )
    return response.redirect().toPath(`/imports/${staged.ref}`)
  }
}
