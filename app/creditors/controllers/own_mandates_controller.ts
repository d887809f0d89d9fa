import type { HttpContext } from '@adonisjs/core/http'
import { ownCreditor } from '#creditors/own_creditor'
import { readStoredFile } from '#shared/files'

/** The creditor's own signed mandates. */
export default class OwnMandatesController {
  async show(ctx: HttpContext) {
    const creditor = await ownCreditor(ctx)
    const mandate = await creditor.related('mandates').query().where('id', ctx.params.id).firstOrFail()
    if (!mandate.fileSha256) return ctx.response.abort('No document', 404)
    ctx.response
      .type('application/pdf')
      .header('Content-Disposition', `inline; filename="mandat-${mandate.signedOn}.pdf"`)
    return ctx.response.send(await readStoredFile(mandate.fileSha256))
  }
}
