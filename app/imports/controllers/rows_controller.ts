import type { HttpContext } from '@adonisjs/core/http'
import CorrectRow from '#imports/actions/correct_row'
import Import from '#imports/models/import'
import { rowForm } from '#imports/validators'

/** One row of a table, typed again in place. */
export default class RowsController {
  async update({ auth, params, request, response, session, i18n }: HttpContext) {
    const staged = await Import.visibleTo(auth.getUserOrFail()).where('ref', params.ref).firstOrFail()
    const row = await staged.related('rows').query().where('row', params.row).firstOrFail()
    const typed = await request.validateUsing(rowForm)
    const done = await new CorrectRow().handle({ staged, row, typed })
    const said = done.outcome === 'checked' ? (done.ready ? 'row_ready' : 'row_still_wrong') : 'settled'
    session.flash(
      said === 'row_ready' ? 'success' : 'error',
      i18n.t(`imports.flash.${said}`, { row: row.row })
    )
    const next = said === 'row_still_wrong' ? `?row=${row.row}#correct` : ''
    return response.redirect().toPath(`/imports/${staged.ref}${next}`)
  }
}
