import type { HttpContext } from '@adonisjs/core/http'
import { readStoredFile } from '#shared/files'
import { findEre } from '#registered_mail/ere/find_ere'

/** The acknowledgement that the recipient signed. */
export default class AcknowledgementsController {
  async show({ params, response }: HttpContext) {
    const { ere, letter } = await findEre(params.ref)
    if (!ere.acknowledgementSha256) return response.redirect().toPath(`/letters/${letter.ref}`)
    response.header('Content-Type', 'application/pdf')
    response.header('Content-Disposition', `inline; filename="${letter.ref}-accuse-de-reception.pdf"`)
    return response.send(await readStoredFile(ere.acknowledgementSha256))
  }
}
