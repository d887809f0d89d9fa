import type { HttpContext } from '@adonisjs/core/http'
import { noticeForm } from '#registered_mail/ere/validators'
import { sentFlash } from '#registered_mail/ere/sent_flash'
import Action from '#campaigns/models/action'
import { SendEreAction } from '#campaigns/actions/send_ere_action'

/** D16: "Envoyer courrier + Terminer l'action", to the recipient that was chosen. */
export default class ActionEresController {
  async store(ctx: HttpContext) {
    const { auth, params, request, response } = ctx
    const { id: actionId } = await Action.findOrFail(params.id)
    const { email } = await request.validateUsing(noticeForm)
    const sent = await new SendEreAction().handle({ actionId, email, by: auth.getUserOrFail() })
    sentFlash(ctx, sent)
    return response
      .redirect()
      .toPath('letter' in sent ? `/letters/${sent.letter.ref}` : `/actions/${actionId}`)
  }
}
