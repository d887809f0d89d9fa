import type { HttpContext } from '@adonisjs/core/http'
import { ExportProof } from '#registered_mail/evidence/actions/export_proof'
import { findEre } from '#registered_mail/ere/find_ere'

/** D21: all that proves what became of an ERE, to be checked without us. */
export default class BundlesController {
  async show({ params, response }: HttpContext) {
    const { letter } = await findEre(params.ref)
    const proof = await new ExportProof().handle(letter.ref)
    if (proof.outcome !== 'exported') return response.redirect().toPath(`/letters/${letter.ref}/evidence`)
    response.header('Content-Type', 'application/zip')
    response.header('Content-Disposition', `attachment; filename="preuve-${letter.ref}.zip"`)
    return response.send(proof.zip)
  }
}
