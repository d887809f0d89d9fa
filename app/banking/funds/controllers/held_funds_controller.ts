import type { HttpContext } from '@adonisjs/core/http'
import { clock, isCivilDate } from '#shared/clock'
import { ignoredText } from '#banking/wording'
import { lastBalance } from '#banking/funds/bank_balance'
import { heldFunds } from '#banking/funds/held_funds'

/** What is held for creditors on a day, the last that the bank tells of unless asked, against what it says (rule 37). */
export default class HeldFundsController {
  async show({ request, view, i18n }: HttpContext) {
    const asked = String(request.input('on') ?? '')
    const today = clock.today()
    const on = isCivilDate(asked) && asked <= today ? asked : ((await lastBalance(today))?.on ?? today)
    return view.render('pages/remittances/funds', {
      ...(await heldFunds(on)),
      on,
      today,
      ignoredBecause: (reason: string) => ignoredText(i18n, reason),
    })
  }
}
