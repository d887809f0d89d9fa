import type { HttpContext } from '@adonisjs/core/http'
import { readStoredFile } from '#shared/files'
import Letter from '#letters/models/letter'

/** The PDF of a letter (D10), as it was stored. It holds the debtor's own link, so it is for staff only. */
export default class LetterFilesController {
  async show({ params, request, response }: HttpContext) {
    const letter = await Letter.query().where('ref', params.ref).whereNotNull('fileSha256').firstOrFail()
    const place = request.input('download') ? 'attachment' : 'inline'
    response.header('Content-Type', 'application/pdf')
    response.header('Content-Disposition', `${place}; filename="${letter.ref}.pdf"`)
    return response.send(await readStoredFile(letter.fileSha256!))
  }
}
