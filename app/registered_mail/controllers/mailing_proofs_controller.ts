import type { HttpContext } from '@adonisjs/core/http'
import { readStoredFile } from '#shared/files'
import Letter from '#letters/models/letter'
import Mailing from '#registered_mail/models/mailing'

const EXTENSIONS: Record<string, string> = {
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'image/png': 'png',
}

/** A proof as its provider gave it, checked against its hash. */
export default class MailingProofsController {
  async show({ params, response }: HttpContext) {
    const letter = await Letter.findByOrFail('ref', params.ref)
    const mailing = await Mailing.findByOrFail('letterId', letter.id)
    const proof = await mailing
      .related('proofs')
      .query()
      .where('kind', params.kind)
      .join('stored_files', 'stored_files.sha256', 'mailing_proofs.file_sha256')
      .select('mailing_proofs.*', 'stored_files.media_type')
      .firstOrFail()
    const mediaType = String(proof.$extras.media_type)
    response.header('Content-Type', mediaType)
    response.header(
      'Content-Disposition',
      `attachment; filename="${letter.ref}-${proof.kind}.${EXTENSIONS[mediaType] ?? 'bin'}"`
    )
    return response.send(await readStoredFile(proof.fileSha256))
  }
}
