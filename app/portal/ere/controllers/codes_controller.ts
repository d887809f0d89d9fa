import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { deliverDue } from '#deliveries/deliver_due'
import { AskCode } from '#registered_mail/ere/actions/ask_code'
import { sendingPage, toSending } from '#portal/ere/pages'

/** A one-time code to the address of the sending, or to its telephone: somebody waits for it, so it leaves at once. */
export default class CodesController {
  async store(ctx: HttpContext) {
    const channel = ctx.request.input('by') === 'sms' ? 'sms' : 'email'
    const asked = await new AskCode().handle({
      ereId: ctx.recipient.ere.id,
      channel,
      locale: ctx.i18n.locale,
    })
    if (asked.outcome === 'too_many') return sendingPage(ctx, [{ field: 'code', key: 'too_many_codes' }])
    if (asked.outcome === 'queued') await deliverDue(clock.now(), { key: asked.key })
    return toSending(ctx)
  }
}
