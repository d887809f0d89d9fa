import type { HttpContext } from '@adonisjs/core/http'
import { PrintFeeInvoice } from '#banking/remittances/actions/print_papers'
import { visibleRemittances } from '#banking/remittances/visible_remittances'

/** The invoice of the fee of a remittance, as PDF. */
export default class FeeInvoicesController {
  async show({ auth, params, response }: HttpContext) {
    const remittance = await visibleRemittances(auth.getUserOrFail()).where('ref', params.ref).firstOrFail()
    const invoice = await remittance.related('feeInvoice').query().firstOrFail()
    const { pdf } = await new PrintFeeInvoice().handle(invoice)
    response.header('Content-Type', 'application/pdf')
    response.header('Content-Disposition', `inline; filename="${invoice.number}.pdf"`)
    return response.send(Buffer.from(pdf))
  }
}
