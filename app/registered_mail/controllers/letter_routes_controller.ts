import type { HttpContext } from '@adonisjs/core/http'
import { PostByHand } from '#registered_mail/actions/post_by_hand'

/** Takes a letter back from a provider that did not take it: a person prints and posts it. */
export default class LetterRoutesController {
  async destroy({ auth, params, response, session, i18n }: HttpContext) {
    const done = await new PostByHand().handle({ ref: params.ref, by: auth.getUserOrFail() })
    session.flash(done ? 'success' : 'error', i18n.t(`letters.flash.${done ? 'by_hand' : 'not_by_hand'}`))
    return response.redirect().toPath(`/letters/${params.ref}`)
  }
}
