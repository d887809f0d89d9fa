import type { HttpContext } from '@adonisjs/core/http'
import { readStoredFile } from '#shared/files'
import { attachmentOf } from '#claims/uploaded'
import Letter from '#letters/models/letter'
import { ScanProof } from '#registered_mail/actions/scan_proof'
import Mailing from '#registered_mail/models/mailing'
import { scannedProof } from '#registered_mail/validators'

const EXTENSIONS: Record<string, string> = {
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'image/png': 'png',
  'image/jpeg': 'jpg',
}

/** A proof as its provider gave it, or as a person scanned it, checked against its hash. */
export default class MailingProofsController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const letter = await Letter.findByOrFail('ref', params.ref)
    const { kind, scan } = await request.validateUsing(scannedProof)
    const { bytes, mediaType } = await attachmentOf(scan)
    const outcome = await new ScanProof().handle({ letter, kind, bytes, mediaType, by: auth.getUserOrFail() })
    session.flash(outcome === 'kept' ? 'success' : 'error', i18n.t(`letters.scan.flash.${outcome}`))
    return response.redirect().toPath(`/letters/${letter.ref}`)
  }

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
