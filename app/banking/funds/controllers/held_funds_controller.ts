import type { HttpContext } from '@adonisjs/core/http'
import { clock, isCivilDate } from '#shared/clock'
import { heldFunds } from '#banking/funds/held_funds'

/** What is held for creditors on a day, against what the bank says (rule 37). */
export default class HeldFundsController {
  async show({ request, view }: HttpContext) {
    const asked = String(request.input('on') ?? '')
    const today = clock.today()
    const on = isCivilDate(asked) && asked <= today ? asked : today
    return view.render('pages/remittances/funds', { ...(await heldFunds(on)), on, today })
  }
}
