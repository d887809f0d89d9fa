import { Readable } from 'node:stream'
import type { HttpContext } from '@adonisjs/core/http'
import Import from '#imports/models/import'
import { annotatedImport } from '#imports/sheets/annotated_import'
import { XLSX } from '#imports/sheets/media_type'

/** The same sheet back, with a column that says what is wrong. */
export default class AnnotatedSheetsController {
  async show({ auth, params, response, i18n }: HttpContext) {
    const found = await Import.visibleTo(auth.getUserOrFail())
      .where('ref', params.ref)
      .whereIn('state', ['staged', 'committed', 'undone'])
      .firstOrFail()
    const name = `${found.filename.replace(/\.\w+$/, '')}-${i18n.t('imports.annotated')}.xlsx`
    response.header('Content-Type', XLSX)
    response.header('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    return response.stream(Readable.fromWeb((await annotatedImport(found, i18n)) as never))
  }
}
