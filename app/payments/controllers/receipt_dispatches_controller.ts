import type { HttpContext } from '@adonisjs/core/http'
import { HandOverReceipt } from '#payments/actions/hand_over_receipt'
import Payment from '#payments/models/payment'

/** A person has posted a receipt, or handed it over. */
export default class ReceiptHandoversController {
  async store({ auth, params, response, session, i18n }: HttpContext) {
    const payment = await Payment.findByOrFail('ref', params.ref)
    const { number } = await new HandOverReceipt().handle({ payment, userId: auth.getUserOrFail().id })
    session.flash('success', i18n.t('payments.receipts.handed_over', { number }))
    return response.redirect().toPath('/payments')
  }
}
