import type { HttpContext } from '@adonisjs/core/http'
import { NotifyAgain } from '#registered_mail/ere/actions/notify_again'
import { findEre } from '#registered_mail/ere/find_ere'
import { noticeForm } from '#registered_mail/ere/validators'

/** Another notice after one that did not arrive. */
export default class NoticesController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const { ere, letter } = await findEre(params.ref)
    const { email } = await request.validateUsing(noticeForm)
    const notified = await new NotifyAgain().handle({ ereId: ere.id, email, by: auth.getUserOrFail() })
    if (notified.outcome === 'refused') {
      const why = i18n.t(`ere.refusals.${notified.reason}`)
      session.flash('error', i18n.t('ere.flash.refused', { why }))
    } else {
      session.flash(
        notified.outcome === 'queued' ? 'success' : 'error',
        i18n.t(`ere.flash.${notified.outcome}`)
      )
    }
    return response.redirect().toPath(`/letters/${letter.ref}`)
  }
}
