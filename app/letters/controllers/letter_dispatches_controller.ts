import type { HttpContext } from '@adonisjs/core/http'
import { refuseField } from '#shared/forms'
import { DispatchLetters } from '#letters/actions/dispatch_letters'
import Letter from '#letters/models/letter'
import { isRegisteredNumber } from '#letters/registered_number'
import { dispatchesForm, dispatchForm } from '#letters/validators'

/** "Terminer l'action" (D12): a person has put letters in the post. */
export default class LetterDispatchesController {
  /** A pile of plain letters. */
  async store({ auth, request, response, session, i18n }: HttpContext) {
    const { refs } = await request.validateUsing(dispatchesForm)
    const count = await new DispatchLetters().handle({ refs, by: auth.getUserOrFail() })
    session.flash('success', i18n.t('letters.flash.dispatched', { count }))
    return response.redirect().back()
  }

  /** One letter, with the number on its slip when it is registered. */
  async update(ctx: HttpContext) {
    const { auth, params, request, response, session, i18n } = ctx
    const letter = await Letter.findByOrFail('ref', params.ref)
    const { registered_number: number = '' } = await request.validateUsing(dispatchForm)
    if (letter.kind === 'lrar' && !isRegisteredNumber(number)) {
      return refuseField(ctx, 'registered_number', 'letters.errors.registered_number')
    }
    const outcome = await letter.dispatch({ registeredNumber: number, by: auth.getUserOrFail() })
    if (outcome === 'number_taken')
      return refuseField(ctx, 'registered_number', 'letters.errors.number_taken')
    const done = outcome === 'posted' || outcome === 'corrected'
    session.flash(done ? 'success' : 'error', i18n.t(`letters.flash.${outcome}`))
    return response.redirect().toPath(`/letters/${letter.ref}`)
  }
}
