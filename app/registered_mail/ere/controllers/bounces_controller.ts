import type { HttpContext } from '@adonisjs/core/http'
import { RecordBounce } from '#registered_mail/ere/actions/record_bounce'
import { findEre } from '#registered_mail/ere/find_ere'
import { bounceForm } from '#registered_mail/ere/validators'

/** What a mail server's report says of a notice, noted by whoever got it. */
export default class BouncesController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const { ere, letter } = await findEre(params.ref)
    const { code, nature } = await request.validateUsing(bounceForm)
    const done = await new RecordBounce().handle({ ereId: ere.id, code, nature, by: auth.getUserOrFail() })
    session.flash(done ? 'success' : 'error', i18n.t(done ? 'ere.flash.bounced' : 'ere.flash.not_bounced'))
    return response.redirect().toPath(`/letters/${letter.ref}`)
  }
}
