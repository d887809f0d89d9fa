import type { HttpContext } from '@adonisjs/core/http'
import { SettleByLine } from '#banking/fees/settle_by_line'
import BankLine from '#banking/models/bank_line'
import { invoiceOfLine } from '#banking/remittances/validators'

/** A line of the agency's bank is a creditor paying the invoice of its fee. */
export default class LineInvoicesController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const line = await BankLine.findOrFail(params.id)
    const { number } = await request.validateUsing(invoiceOfLine)
    const outcome = await new SettleByLine().handle({
      lineId: line.id,
      number,
      userId: auth.getUserOrFail().id,
    })
    const tone = outcome === 'settled' ? 'success' : 'error'
    session.flash(tone, i18n.t(`remittances.invoice_of_line.${outcome}`, { number }))
    return response.redirect().toPath(`/payments/lines/${line.id}`)
  }
}
