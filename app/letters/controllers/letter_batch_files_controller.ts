import { Readable } from 'node:stream'
import type { HttpContext } from '@adonisjs/core/http'
import { letterFile } from '#letters/letter_file'
import { printableBatch } from '#letters/queries/batch_letters'

/** One PDF of all, with a bookmark to each. */
export default class LetterBatchFilesController {
  async show({ params, response }: HttpContext) {
    const batch = await printableBatch(params.ref)
    if (!batch) return response.notFound()
    const { ref, letters, duplex } = batch
    response.header('Content-Type', 'application/pdf')
    response.header('Content-Disposition', `attachment; filename="${ref}.pdf"`)
    return response.stream(Readable.from(letterFile(letters, { title: `Courriers ${ref}`, duplex })))
  }
}
