import type { HttpContext } from '@adonisjs/core/http'
import { readStoredFile } from '#shared/files'
import { mediaTypeOf } from '#shared/media_type'
import { sendDocument } from '#portal/documents'

/** An invoice or another document of the file that its debtor may see. */
export default class DocumentsController {
  async show(ctx: HttpContext) {
    const document = await ctx.portal.documents().where('id', ctx.params.id).firstOrFail()
    const mediaType = mediaTypeOf(await readStoredFile(document.fileSha256))
    return sendDocument(ctx, {
      fileSha256: document.fileSha256,
      mediaType: mediaType ?? 'application/octet-stream',
      name: document.name,
    })
  }
}
