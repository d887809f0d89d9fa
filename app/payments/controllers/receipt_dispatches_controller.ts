import type { HttpContext } from '@adonisjs/core/http'
import { DispatchReceipt } from '#payments/actions/dispatch_receipt'
import Payment from '#payments/models/payment'

/** A person has posted a receipt, or handed it over. */
export default class ReceiptDispatchesController {
  async store({ auth, params, response, session, i18n }: HttpContext) {
    const payment = await Payment.findByOrFail('ref', params.ref)
    const { number } = await new DispatchReceipt().handle({ payment, userId: auth.getUserOrFail().id })
    session.flash('success', i18n.t('payments.receipts.dispatched', { number }))
    return response.redirect().toPath('/payments')
  }
}
