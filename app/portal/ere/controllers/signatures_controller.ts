import type { HttpContext } from '@adonisjs/core/http'
import { isCanvasPicture } from '#shared/png'
import { acknowledge } from '#registered_mail/ere/acknowledge'
import { SignEre } from '#registered_mail/ere/actions/sign_ere'
import { actorOf, sendingPage, toSending } from '#portal/ere/pages'
import { signatureForm } from '#portal/ere/validators'

const FAULTS: Record<string, string> = { name: 'name', agree: 'agree', image: 'image' }

/** The acknowledgement signed, drawn with a finger or typed; its paper is made at once. */
export default class SignaturesController {
  async store(ctx: HttpContext) {
    const { i18n, recipient, request } = ctx
    if (!recipient.isIdentified) return toSending(ctx)
    const [report, form] = await request.tryValidateUsing(signatureForm)
    if (report) {
      const messages = report.messages as { field: string }[]
      const fields = new Set(messages.map(({ field }) => (field in FAULTS ? field : 'agree')))
      return sendingPage(
        ctx,
        [...fields].map((field) => ({ field, key: FAULTS[field]! }))
      )
    }
    const image = form.how === 'drawn' ? pictureIn(form.image) : null
    if (form.how === 'drawn' && !image) return sendingPage(ctx, [{ field: 'image', key: 'image' }])
    const ereId = recipient.ere.id
    const outcome = await new SignEre().handle({
      ereId,
      name: form.name,
      image,
      locale: i18n.locale,
      statementSha256: form.statement,
      actor: actorOf(ctx),
    })
    if (outcome === 'unread') return sendingPage(ctx, [{ field: 'read', key: 'unread' }])
    if (outcome === 'statement_changed')
      return sendingPage(ctx, [{ field: 'agree', key: 'statement_changed' }])
    if (outcome === 'done') await acknowledge(ereId)
    return toSending(ctx)
  }
}

/** The picture that a canvas gives; null for anything else. */
function pictureIn(text: string | null | undefined): Buffer | null {
  const [, base64] = /^data:image\/png;base64,([A-Za-z0-9+/=]+)$/.exec(text ?? '') ?? []
  const bytes = base64 ? Buffer.from(base64, 'base64') : null
  return bytes && isCanvasPicture(bytes) ? bytes : null
}
