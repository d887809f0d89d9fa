import type { HttpContext } from '@adonisjs/core/http'
import Agency from '#agency/models/agency'
import { readStoredFile } from '#shared/files'

/** The certificate of insurance and the declaration, as filed. */
export default class LegalDocumentsController {
  async show({ params, response }: HttpContext) {
    const agency = await Agency.currentOrFail()
    const sha256 = params.kind === 'insurance' ? agency.insuranceFileSha256 : agency.declarationFileSha256
    if (!sha256) return response.abort('Not filed', 404)
    response.type('application/pdf').header('Content-Disposition', `inline; filename="${params.kind}.pdf"`)
    return response.send(await readStoredFile(sha256))
  }
}
