import type { HttpContext } from '@adonisjs/core/http'
import { readStoredFile } from '#shared/files'
import AttachDocuments from '#claims/actions/attach_documents'
import { attachmentOf } from '#claims/uploaded'
import { findClaim } from '#claims/visible_claims'
import { documentsForm } from '#claims/validators'

/** The papers that prove a claim (P4). */
export default class DocumentsController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const user = auth.getUserOrFail()
    const claim = await findClaim(user, params.ref)
    const { kind, shown_to_debtor: shown, files } = await request.validateUsing(documentsForm)
    const attachments = await Promise.all(files.map(attachmentOf))
    const added = await new AttachDocuments().handle({
      claim,
      kind,
      shownToDebtor: shown ?? false,
      attachments,
      userId: user.id,
      actor: user.role === 'creditor' ? 'creditor' : 'user',
    })
    session.flash('success', i18n.t('claims.flash.documents', { added }))
    return response.redirect().toPath(`/claims/${claim.ref}#documents`)
  }

  async show({ auth, params, response }: HttpContext) {
    const claim = await findClaim(auth.getUserOrFail(), params.ref)
    const document = await claim.related('documents').query().where('id', params.id).firstOrFail()
    const name = encodeURIComponent(document.name)
    response.header('Content-Type', 'application/octet-stream')
    response.header('Content-Disposition', `attachment; filename*=UTF-8''${name}`)
    return response.send(await readStoredFile(document.fileSha256))
  }
}
