import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { feeBpsOf } from '#creditors/fee_grid'
import Creditor from '#creditors/models/creditor'
import { ENOUGH_FILES, quote, type Experience } from '#banking/fees/quote'
import { recoveryHistory } from '#banking/fees/recovery_history'

/** What the fee of a creditor's files could be, from what the agency recovered on others (A6). */
export default class FeeQuotesController {
  async show({ params, view }: HttpContext) {
    const creditor = await Creditor.ofRef(params.ref)
    const today = clock.today()
    const mandate = await creditor.mandateOn(today)
    const history = await recoveryHistory(today)
    return view.render('pages/remittances/quote', {
      creditor,
      mandate,
      quotes: mandate ? quote(history, (of) => feeBpsOf(mandate, largestOf(of))) : [],
      enough: ENOUGH_FILES,
    })
  }
}

/** The oldest and largest file of a band: the one that its rate must suit. */
const largestOf = ({ ageDays, principalCents }: Experience) => ({
  ageDays: ageDays ?? Infinity,
  principalCents: principalCents ?? Infinity,
})
