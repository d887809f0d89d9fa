import type { HttpContext } from '@adonisjs/core/http'
import { NoteView } from '#registered_mail/ere/actions/note_view'
import { actorOf, toSending } from '#portal/ere/pages'
import { viewForm } from '#portal/ere/validators'

/** What the reader in the page says of what it showed. */
export default class ViewsController {
  async store(ctx: HttpContext) {
    const { recipient, request, response } = ctx
    if (!recipient.isIdentified) return toSending(ctx)
    const [, form] = await request.tryValidateUsing(viewForm)
    if (!form) return response.badRequest()
    await new NoteView().handle({ ereId: recipient.ere.id, page: form.page, actor: actorOf(ctx) })
    return response.noContent()
  }
}
