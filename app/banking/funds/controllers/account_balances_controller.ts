import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { refuseField } from '#shared/forms'
import { transaction } from '#shared/transaction'
import AccountBalance from '#banking/funds/account_balance'
import { typedBalance } from '#banking/remittances/validators'

/** A person writes down what the bank says is on the dedicated account. */
export default class AccountBalancesController {
  async store(ctx: HttpContext) {
    const { balanceOn, amountCents } = await ctx.request.validateUsing(typedBalance)
    if (balanceOn > clock.today()) return refuseField(ctx, 'balanceOn', 'remittances.funds.future_refused')
    const userId = ctx.auth.getUserOrFail().id
    await transaction((trx) =>
      AccountBalance.create(
        { balanceOn, amountCents, source: 'typed', userId, createdAt: clock.now() },
        { client: trx }
      )
    )
    ctx.session.flash('success', ctx.i18n.t('remittances.funds.balance_saved'))
    return ctx.response.redirect().toPath(`/funds?on=${balanceOn}`)
  }
}
