import type { HttpContext } from '@adonisjs/core/http'
import { visibleClaims } from '#claims/visible_claims'
import { RenderReceipt } from '#payments/actions/render_receipt'
import Payment from '#payments/models/payment'

/** The quittance of one payment that is worth something now, as PDF. */
export default class ReceiptsController {
  async show({ auth, params, response }: HttpContext) {
    const payment = await Payment.query()
      .where('ref', params.ref)
      .whereIn('claimId', visibleClaims(auth.getUserOrFail()).select('id'))
      .firstOrFail()
    const { id } = await payment.currentReceipt()
    const { receipt, pdf } = await new RenderReceipt().handle(id)
    response.header('Content-Type', 'application/pdf')
    response.header('Content-Disposition', `inline; filename="${receipt.number}.pdf"`)
    return response.send(Buffer.from(pdf))
  }
}
