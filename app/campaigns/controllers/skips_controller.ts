import type { HttpContext } from '@adonisjs/core/http'
import { backTo } from '#campaigns/back_to'
import Action from '#campaigns/models/action'
import { skipForm } from '#campaigns/validators'

/** Takes actions out for good, with a reason. */
export default class SkipsController {
  async store({ auth, request, response, session, i18n }: HttpContext) {
    const { actions, reason, note, claim } = await request.validateUsing(skipForm)
    const by = auth.getUserOrFail()
    let count = 0
    for (const action of await Action.findMany(actions)) {
      if (await action.skip({ reason, note: note ?? null, by })) count += 1
    }
    session.flash('success', i18n.t('agenda.flash.skipped', { count }))
    return backTo(response, claim)
  }
}
