import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { backTo } from '#campaigns/back_to'
import Action from '#campaigns/models/action'
import { deferralForm } from '#campaigns/validators'

/** Puts actions off to another day; they then wait for a person again. */
export default class DeferralsController {
  async store({ auth, request, response, session, i18n }: HttpContext) {
    const form = await request.validateUsing(deferralForm)
    if (form.until_on <= clock.today()) {
      session.flash('error', i18n.t('agenda.flash.later_day'))
      return backTo(response, form.claim)
    }
    const by = auth.getUserOrFail()
    let count = 0
    for (const action of await Action.findMany(form.actions)) {
      if (await action.defer({ untilOn: form.until_on, by })) count += 1
    }
    session.flash('success', i18n.t('agenda.flash.deferred', { count }))
    return backTo(response, form.claim)
  }
}
