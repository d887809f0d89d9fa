import type { HttpContext } from '@adonisjs/core/http'
import { transaction } from '#shared/transaction'
import { findLink, mintLink } from '#claims/portal_link'
import { isOpened } from '#registered_mail/ere/states'
import { toSending } from '#portal/ere/pages'
import PortalSession from '#portal/session'

/** D19: from an accepted letter to the file it is about: documents, payment, time, dispute. */
export default class FilesController {
  async store(ctx: HttpContext) {
    const { recipient, response, session } = ctx
    if (!recipient.isIdentified || !isOpened(recipient.ere.state)) return toSending(ctx)
    const { token } = await transaction((trx) => mintLink(trx, recipient.claim.id, 'ere'))
    await PortalSession.open(session, (await findLink(token))!)
    return response.redirect().status(303).toPath('/p')
  }
}
