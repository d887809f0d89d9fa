import type { HttpContext } from '@adonisjs/core/http'
import { ReturnMatch } from '#banking/actions/return_match'
import BankLine from '#banking/models/bank_line'
import { returnForm } from '#banking/validators'

/** A debit is a transfer that the bank took back. */
export default class BankReturnsController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const line = await BankLine.findOrFail(params.id)
    const { match } = await request.validateUsing(returnForm)
    const { outcome } = await new ReturnMatch().handle({
      lineId: line.id,
      matchId: match,
      userId: auth.getUserOrFail().id,
    })
    session.flash(outcome === 'returned' ? 'success' : 'error', i18n.t(`statements.return.${outcome}`))
    return response.redirect().toPath(`/payments/lines/${line.id}`)
  }
}
