import type { HttpContext } from '@adonisjs/core/http'
import { transaction } from '#shared/transaction'
import { stageInBackground } from '#imports/background_staging'
import { chosenColumns, rememberColumns } from '#imports/column_choice'
import { FIELDS, missingFields, type Mapping } from '#imports/fields'
import Import from '#imports/models/import'
import { columnsPage } from '#imports/queries/columns_page'
import { columnsForm } from '#imports/validators'

/** What each column of a table holds, as recognised, corrected by a person. */
export default class ColumnsController {
  async edit({ auth, params, response, view }: HttpContext) {
    const found = await Import.visibleTo(auth.getUserOrFail()).where('ref', params.ref).firstOrFail()
    if (found.isSettled || found.isBeingRead) return response.redirect().toPath(`/imports/${found.ref}`)
    await found.load('creditor')
    return view.render('pages/imports/columns', await columnsPage(found))
  }

  async update({ auth, params, request, response, session, i18n }: HttpContext) {
    const found = await Import.visibleTo(auth.getUserOrFail()).where('ref', params.ref).firstOrFail()
    const { remember, ...chosen } = await request.validateUsing(columnsForm)
    const mapping = uniqueColumns(chosen)
    const missing = missingFields(mapping)
    if (missing.length > 0) {
      session.flashExcept(['_csrf', '_method'])
      const sentences = missing.map((field) => [field, [i18n.t(`imports.columns.needed.${field}`)]])
      session.flash('inputErrorsBag', Object.fromEntries(sentences))
      return response.redirect().toPath(`/imports/${found.ref}/columns`)
    }
    if (remember) await transaction((trx) => rememberColumns(trx, found, mapping))
    await stageInBackground(found.id, chosenColumns(found, mapping))
    return response.redirect().toPath(`/imports/${found.ref}`)
  }
}

/** A column holds one thing: of two fields that name it, the first keeps it. */
function uniqueColumns(chosen: Partial<Record<string, number>>): Mapping {
  const mapping: Mapping = {}
  const taken = new Set<number>()
  for (const field of FIELDS) {
    const index = chosen[field]
    if (index === undefined || taken.has(index)) continue
    taken.add(index)
    mapping[field] = index
  }
  return mapping
}
