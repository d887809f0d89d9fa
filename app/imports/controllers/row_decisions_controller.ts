import type { HttpContext } from '@adonisjs/core/http'
import DecideRow from '#imports/actions/decide_row'
import Import from '#imports/models/import'
import type ImportRow from '#imports/models/import_row'
import { decisionForm } from '#imports/validators'

/** A person leaves a row out, or takes one that looks like a duplicate; or gives it back to the rules. */
export default class RowDecisionsController {
  async store(ctx: HttpContext) {
    const found = await this.find(ctx)
    const { decision } = await ctx.request.validateUsing(decisionForm)
    return this.decide(ctx, found, decision)
  }

  async destroy(ctx: HttpContext) {
    return this.decide(ctx, await this.find(ctx), null)
  }

  private async find({ auth, params }: HttpContext) {
    const staged = await Import.visibleTo(auth.getUserOrFail()).where('ref', params.ref).firstOrFail()
    return { staged, row: await staged.related('rows').query().where('row', params.row).firstOrFail() }
  }

  private async decide(
    { response, session, i18n }: HttpContext,
    { staged, row }: { staged: Import; row: ImportRow },
    decision: ImportRow['decision']
  ) {
    const { outcome } = await new DecideRow().handle({ staged, row, decision })
    const said = outcome === 'settled' ? 'settled' : `row_${decision ?? 'back'}`
    session.flash(
      outcome === 'settled' ? 'error' : 'success',
      i18n.t(`imports.flash.${said}`, { row: row.row })
    )
    return response.redirect().toPath(`/imports/${staged.ref}`)
  }
}
