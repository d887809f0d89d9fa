import type { HttpContext } from '@adonisjs/core/http'
import BankLine from '#banking/models/bank_line'
import { reasonForm } from '#banking/validators'

/** A line that is no debtor's money: bank fees, a payout, a transfer already written down. */
export default class BankLineDismissalsController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const line = await BankLine.findOrFail(params.id)
    const { reason } = await request.validateUsing(reasonForm)
    const done = await line.ignore({ reason, by: auth.getUserOrFail() })
    session.flash(done ? 'success' : 'error', i18n.t(`statements.dismissal.${done ? 'done' : 'refused'}`))
    return response.redirect().toPath(`/payments/lines/${line.id}`)
  }

  async destroy({ params, response, session, i18n }: HttpContext) {
    const line = await BankLine.findOrFail(params.id)
    const done = await line.reopen()
    session.flash(
      done ? 'success' : 'error',
      i18n.t(`statements.dismissal.${done ? 'reopened' : 'not_ignored'}`)
    )
    return response.redirect().toPath(`/payments/lines/${line.id}`)
  }
}
