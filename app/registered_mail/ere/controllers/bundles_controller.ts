import type { HttpContext } from '@adonisjs/core/http'
import Letter from '#letters/models/letter'
import { ExportProof } from '#registered_mail/evidence/actions/export_proof'

/** D21: all that proves what became of a letter that has a chain, to be checked without us. */
export default class BundlesController {
  async show({ params, response }: HttpContext) {
    const letter = await Letter.findByOrFail('ref', params.ref)
    const proof = await new ExportProof().handle(letter.ref)
    if (proof.outcome !== 'exported') return response.redirect().toPath(`/letters/${letter.ref}/evidence`)
    response.header('Content-Type', 'application/zip')
    response.header('Content-Disposition', `attachment; filename="preuve-${letter.ref}.zip"`)
    return response.send(proof.zip)
  }
}
