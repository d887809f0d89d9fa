import type { HttpContext } from '@adonisjs/core/http'
import { sendDocument } from '#portal/documents'

/** The quittance of one of the debtor's payments. */
export default class ReceiptsController {
  async show(ctx: HttpContext) {
    const receipt = await ctx.portal.receipts().where('number', ctx.params.number).firstOrFail()
    return sendDocument(ctx, {
      fileSha256: receipt.fileSha256!,
      mediaType: 'application/pdf',
      name: `${receipt.number}.pdf`,
    })
  }
}
