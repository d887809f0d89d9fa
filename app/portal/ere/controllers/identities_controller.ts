import type { HttpContext } from '@adonisjs/core/http'
import { Identify } from '#registered_mail/ere/actions/identify'
import { CODE_SHAPE } from '#registered_mail/ere/codes'
import { actorOf, sendingPage, toSending } from '#portal/ere/pages'
import RecipientSession from '#portal/ere/session'
import { codeForm } from '#portal/ere/validators'

/** The code that was received. */
export default class IdentitiesController {
  async store(ctx: HttpContext) {
    const { recipient, request, session } = ctx
    const [, form] = await request.tryValidateUsing(codeForm)
    const code = form?.code.replace(/\s/g, '') ?? ''
    if (!CODE_SHAPE.test(code)) return sendingPage(ctx, [{ field: 'code', key: 'code_shape' }])
    const ereId = recipient.ere.id
    const outcome = await new Identify().handle({ ereId, code, actor: actorOf(ctx) })
    if (outcome !== 'right')
      return sendingPage(ctx, [{ field: 'code', key: outcome === 'wrong' ? 'code_wrong' : 'code_over' }])
    RecipientSession.identify(session, ereId)
    return toSending(ctx)
  }
}
