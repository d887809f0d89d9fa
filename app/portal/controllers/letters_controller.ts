import type { HttpContext } from '@adonisjs/core/http'
import { sendDocument } from '#portal/documents'

/** A letter the debtor was sent. */
export default class LettersController {
  async show(ctx: HttpContext) {
    const letter = await ctx.portal.letters().where('ref', ctx.params.ref).firstOrFail()
    return sendDocument(ctx, {
      fileSha256: letter.fileSha256!,
      mediaType: 'application/pdf',
      name: `${letter.ref}.pdf`,
    })
  }
}
