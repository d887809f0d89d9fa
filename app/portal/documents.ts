import type { HttpContext } from '@adonisjs/core/http'
import { readStoredFile } from '#shared/files'

/**
 * Sends a stored file to the debtor whose session found it. A PDF opens in the
 * browser; anything else is saved, and nothing in it can act on our pages.
 */
export async function sendDocument(
  { response }: HttpContext,
  file: { fileSha256: string; mediaType: string; name: string }
) {
  const shown = file.mediaType === 'application/pdf' ? 'inline' : 'attachment'
  response.header('Content-Type', file.mediaType)
  response.header('Content-Disposition', `${shown}; filename*=UTF-8''${encodeURIComponent(file.name)}`)
  return response.send(await readStoredFile(file.fileSha256))
}
