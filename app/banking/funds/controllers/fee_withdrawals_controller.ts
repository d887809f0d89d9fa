import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { formatEuros } from '#shared/money'
import { WithdrawKeptFees } from '#banking/funds/actions/withdraw_kept_fees'

/** A person has moved the fees kept to the agency's own account. */
export default class FeeWithdrawalsController {
  async store({ auth, response, session, i18n }: HttpContext) {
    const cents = await new WithdrawKeptFees().handle({ on: clock.today(), userId: auth.getUserOrFail().id })
    const said = cents > 0 ? 'withdrawn' : 'nothing_to_withdraw'
    session.flash('success', i18n.t(`remittances.funds.${said}`, { amount: formatEuros(cents) }))
    return response.redirect().toPath('/funds')
  }
}
