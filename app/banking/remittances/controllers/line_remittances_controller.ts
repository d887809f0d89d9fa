import type { HttpContext } from '@adonisjs/core/http'
import BankLine from '#banking/models/bank_line'
import { RecognizeRemittance } from '#banking/remittances/actions/recognize_remittance'
import { recognition } from '#banking/remittances/validators'

/** A line of the bank is a remittance that left, or came back. */
export default class LineRemittancesController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const line = await BankLine.findOrFail(params.id)
    const { refs } = await request.validateUsing(recognition)
    const { outcome } = await new RecognizeRemittance().handle({
      lineId: line.id,
      refs,
      userId: auth.getUserOrFail().id,
    })
    const tone = outcome === 'paid' || outcome === 'returned' ? 'success' : 'error'
    session.flash(tone, i18n.t(`remittances.of_line.${outcome}`, { which: refs.join(', ') }))
    return response.redirect().toPath(`/payments/lines/${line.id}`)
  }
}
