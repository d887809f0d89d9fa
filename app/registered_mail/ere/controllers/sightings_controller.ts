import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { holdEre } from '#registered_mail/ere/change'
import { findEre } from '#registered_mail/ere/find_ere'

/** A person has seen that it was refused, not claimed or not delivered: the agenda says it no more. */
export default class SightingsController {
  async store({ params, response, session, i18n }: HttpContext) {
    const { ere, letter } = await findEre(params.ref)
    await holdEre(ere.id, (held) => held.set({ seenAt: held.ere.seenAt ?? clock.now() }))
    session.flash('success', i18n.t('ere.flash.seen'))
    return response.redirect().toPath(`/letters/${letter.ref}`)
  }
}
