import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import StripeEvent from '#payments/models/stripe_event'
import { setAside } from '#payments/validators'

/** Sets an event aside: a person has dealt with it elsewhere, and says how. */
export default class StripeEventDismissalsController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const event = await StripeEvent.query().where('id', params.id).whereNull('workedAt').firstOrFail()
    const { note } = await request.validateUsing(setAside)
    await transaction((trx) =>
      event.useTransaction(trx).merge({ workedAt: clock.now(), userId: auth.getUserOrFail().id, note }).save()
    )
    session.flash('success', i18n.t('payments.waiting.dismissed'))
    return response.redirect().toPath('/payments')
  }
}
