import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { receiptsToDispatch } from '#payments/queries/receipts_to_dispatch'
import { feesToInvoice, unpaidFeeInvoices } from '#banking/remittances/queries/fee_obligations'
import { remittancesDue, unsentNotices } from '#banking/remittances/queries/obligations'

const SHOWN = 50

/** N7: what the law makes of each payment: a receipt, a notice to the creditor, a remittance within a month. */
export default class ObligationsController {
  async index({ view }: HttpContext) {
    return view.render('pages/remittances/obligations', {
      due: await remittancesDue(clock.today()),
      toInvoice: await feesToInvoice(clock.today()),
      unpaid: await unpaidFeeInvoices(clock.today()),
      receipts: await receiptsToDispatch(SHOWN),
      unsent: await unsentNotices(SHOWN),
    })
  }
}
