import { Readable } from 'node:stream'
import type { HttpContext } from '@adonisjs/core/http'
import { letterArchive } from '#letters/letter_archive'
import { printableBatch } from '#letters/queries/batch_letters'

/** A ZIP of one PDF each. */
export default class LetterBatchArchivesController {
  async show({ params, response }: HttpContext) {
    const batch = await printableBatch(params.ref)
    if (!batch) return response.notFound()
    response.header('Content-Type', 'application/zip')
    response.header('Content-Disposition', `attachment; filename="${batch.ref}.zip"`)
    return response.stream(Readable.from(letterArchive(batch.letters, batch.duplex)))
  }
}
