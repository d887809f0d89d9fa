import type { HttpContext } from '@adonisjs/core/http'
import { carrierOf, type CarrierName } from '#registered_mail/carriers'

/** "Tester la connexion": what the provider answers to us, in its own words. */
export default class ConnectionTestsController {
  async store({ params, response, session, i18n }: HttpContext) {
    const { provider, missing } = carrierOf(params.provider as CarrierName)
    const name = i18n.t(`letters.routes.${params.provider}`)
    if (!provider) {
      session.flash('error', i18n.t('letters.mail.test_missing', { name, missing: missing.join(', ') }))
      return response.redirect('/settings/mail')
    }
    const answer = await provider.test()
    const said = answer.ok
      ? i18n.t('letters.mail.test_ok', { name, account: answer.account })
      : i18n.t('letters.mail.test_refused', { name, reason: answer.reason })
    session.flash(answer.ok ? 'success' : 'error', said)
    return response.redirect('/settings/mail')
  }
}
