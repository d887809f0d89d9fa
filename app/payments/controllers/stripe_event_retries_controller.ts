import type { HttpContext } from '@adonisjs/core/http'
import { transaction } from '#shared/transaction'
import { workStripeInbox } from '#payments/inbox'
import StripeEvent from '#payments/models/stripe_event'

/** Works an event again: what it lacked may be there now. */
export default class StripeEventRetriesController {
  async store({ params, response, session, i18n }: HttpContext) {
    const event = await StripeEvent.findOrFail(params.id)
    await transaction((trx) => event.useTransaction(trx).merge({ attempts: 0 }).save())
    await workStripeInbox()
    await event.refresh()
    const said = event.workedAt ? 'retried' : 'retry_failed'
    session.flash(event.workedAt ? 'success' : 'error', i18n.t(`payments.waiting.${said}`))
    return response.redirect().toPath('/payments')
  }
}
