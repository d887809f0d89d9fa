import type { HttpContext } from '@adonisjs/core/http'
import { ConfirmActions, type ConfirmScope } from '#campaigns/actions/confirm_actions'
import { backTo } from '#campaigns/back_to'
import { confirmationForm } from '#campaigns/validators'

/** D9, D12: one action, those ticked, or all that the page showed. */
export default class ConfirmationsController {
  async store({ auth, request, response, session, i18n }: HttpContext) {
    const form = await request.validateUsing(confirmationForm)
    const scope = scopeOf(form)
    if (!scope) session.flash('error', i18n.t('agenda.flash.nothing_ticked'))
    else {
      const confirmed = await new ConfirmActions().handle({ ...scope, userId: auth.getUserOrFail().id })
      session.flash('success', i18n.t('agenda.flash.confirmed', { count: confirmed }))
    }
    return backTo(response, form.claim)
  }
}

function scopeOf(form: { actions?: number[]; only?: number; up_to?: number }): ConfirmScope | null {
  if (form.only) return { actionIds: [form.only] }
  if (form.up_to) return { upTo: form.up_to }
  return form.actions ? { actionIds: form.actions } : null
}
