import type { HttpContext } from '@adonisjs/core/http'
import { refuseField } from '#shared/forms'
import Letter from '#letters/models/letter'
import { NoteOutcome } from '#registered_mail/actions/note_outcome'
import { notedFact } from '#registered_mail/validators'

/** What became of a letter posted by hand: the slip that came back, or the letter itself. */
export default class MailingFactsController {
  async store(ctx: HttpContext) {
    const { auth, params, request, response, session, i18n } = ctx
    const letter = await Letter.findByOrFail('ref', params.ref)
    const { state, on } = await request.validateUsing(notedFact)
    const outcome = await new NoteOutcome().handle({ letter, state, on, by: auth.getUserOrFail() })
    if (outcome === 'date_impossible') return refuseField(ctx, 'on', 'letters.errors.date_impossible')
    session.flash(outcome === 'noted' ? 'success' : 'error', i18n.t(`letters.flash.${outcome}`))
    return response.redirect().toPath(`/letters/${letter.ref}`)
  }
}
