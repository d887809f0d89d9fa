import type { HttpContext } from '@adonisjs/core/http'
import { backTo } from '#campaigns/back_to'
import Action from '#campaigns/models/action'
import { handOverForm } from '#campaigns/validators'

/** R29: the amicable road has ended, and a person hands the file over. */
export default class HandOversController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const action = await Action.query().where('id', params.id).preload('claim').firstOrFail()
    const { note } = await request.validateUsing(handOverForm)
    const done = await action.handOver({ note: note ?? null, by: auth.getUserOrFail() })
    if (done) session.flash('success', i18n.t('agenda.flash.handed_over', { ref: action.claim.ref }))
    else session.flash('error', i18n.t('agenda.flash.no_longer'))
    return backTo(response, action.claim.ref)
  }
}
