import type { HttpContext } from '@adonisjs/core/http'
import { sendDocument } from '#portal/documents'
import { toSending } from '#portal/ere/pages'

/** The acknowledgement, to who signed it. */
export default class AcknowledgementsController {
  show(ctx: HttpContext) {
    const { ere, letter, isIdentified } = ctx.recipient
    if (!isIdentified || !ere.acknowledgementSha256) return toSending(ctx)
    return sendDocument(ctx, {
      fileSha256: ere.acknowledgementSha256,
      mediaType: 'application/pdf',
      name: `${letter.ref}-accuse-de-reception.pdf`,
    })
  }
}
