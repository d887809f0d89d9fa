import type { HttpContext } from '@adonisjs/core/http'
import { XLSX } from '#imports/sheets/media_type'
import { templateSheet } from '#imports/sheets/template_sheet'

/** U2: the blank table to fill in. */
export default class TemplatesController {
  async show({ response, i18n }: HttpContext) {
    response.header('Content-Type', XLSX)
    response.header('Content-Disposition', 'attachment; filename="modele-creances.xlsx"')
    return response.send(Buffer.from(await templateSheet(i18n)))
  }
}
