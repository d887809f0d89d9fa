import type { HttpContext } from '@adonisjs/core/http'
import { addDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import { addresseesOf } from '#registered_mail/ere/queries/recipients'
import Action from '#campaigns/models/action'
import { STAFF_SKIP_REASONS } from '#campaigns/reasons'

/** One action: what it is about, where it stands, and what a person may do with it. */
export default class ActionsController {
  async show({ params, view }: HttpContext) {
    const action = await Action.query()
      .where('id', params.id)
      .preload('step')
      .preload('campaign')
      .preload('claim', (claim) => claim.preload('debtor').preload('creditor'))
      .firstOrFail()
    return view.render('pages/agenda/action', {
      action,
      claim: action.claim,
      skipReasons: STAFF_SKIP_REASONS,
      tomorrow: addDays(clock.today(), 1),
      addressees:
        action.channel === 'ere' || action.channel === 'lre' ? await addresseesOf(action.claim) : [],
    })
  }
}
