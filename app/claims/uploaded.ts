import { readFile } from 'node:fs/promises'
import type { MultipartFile } from '@adonisjs/core/bodyparser'
import type { Attachment } from '#claims/actions/attach_documents'

/** A file sent with a form, its media type read from its content. */
export async function attachmentOf(file: MultipartFile): Promise<Attachment> {
  return {
    name: file.clientName,
    bytes: await readFile(file.tmpPath!),
    mediaType: `${file.type}/${file.subtype}`,
  }
}
