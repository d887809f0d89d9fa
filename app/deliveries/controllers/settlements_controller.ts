import type { HttpContext } from '@adonisjs/core/http'
import { SettleDelivery } from '#deliveries/actions/settle_delivery'
import Delivery from '#deliveries/models/delivery'
import { settlementForm } from '#deliveries/validators'

/** A person's decision about a message that nobody else can settle. */
export default class SettlementsController {
  async store({ auth, i18n, params, request, response, session }: HttpContext) {
    const delivery = await Delivery.findOrFail(params.id)
    const { outcome } = await request.validateUsing(settlementForm)
    const done = await new SettleDelivery().handle({
      delivery,
      settlement: outcome,
      userId: auth.getUserOrFail().id,
    })
    if (done) session.flash('success', i18n.t(`deliveries.settlement.done.${outcome}`))
    else session.flash('error', i18n.t('deliveries.settlement.too_late'))
    return response.redirect().toPath(`/mailbox/${delivery.id}`)
  }
}
