import type { HttpContext } from '@adonisjs/core/http'
import { backTo } from '#campaigns/back_to'
import Action from '#campaigns/models/action'

/** D12: what a person did with their own means is over, or a letter that failed is tried again. */
export default class CompletionsController {
  async store({ auth, params, response, session, i18n }: HttpContext) {
    const action = await Action.findOrFail(params.id)
    const by = auth.getUserOrFail()
    const done =
      action.state === 'failed' ? await action.retryLetter({ by }) : await action.finishByHand({ by })
    if (done) session.flash('success', i18n.t('agenda.flash.finished'))
    else session.flash('error', i18n.t('agenda.flash.no_longer'))
    return backTo(response)
  }
}
