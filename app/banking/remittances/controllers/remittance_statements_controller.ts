import type { HttpContext } from '@adonisjs/core/http'
import { PrintStatement } from '#banking/remittances/actions/print_papers'
import { visibleRemittances } from '#banking/remittances/visible_remittances'

/** What the creditor is told of a remittance that has left, as PDF. */
export default class RemittanceStatementsController {
  async show({ auth, params, response }: HttpContext) {
    const remittance = await visibleRemittances(auth.getUserOrFail())
      .where({ ref: params.ref, state: 'paid' })
      .firstOrFail()
    const { pdf } = await new PrintStatement().handle(remittance)
    response.header('Content-Type', 'application/pdf')
    response.header('Content-Disposition', `inline; filename="${remittance.ref}.pdf"`)
    return response.send(Buffer.from(pdf))
  }
}
