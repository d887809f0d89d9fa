import type { HttpContext } from '@adonisjs/core/http'
import { TestConnection } from '#registered_mail/actions/test_connection'
import { carrierOf, type CarrierName } from '#registered_mail/carriers'

/** "Tester la connexion": what the provider answers to us, in its own words. */
export default class ConnectionTestsController {
  async store({ params, response, session, i18n }: HttpContext) {
    const carrier = carrierOf(params.provider as CarrierName)
    const path = `/webhooks/${String(params.provider).replace('_', '-')}`
    const { outcome, ...said } = await new TestConnection().handle(carrier, path)
    const name = i18n.t(`letters.routes.${params.provider}`)
    const words = { name, missing: carrier.missing.join(', '), ...said }
    session.flash(outcome === 'answers' ? 'success' : 'error', i18n.t(`letters.mail.test_${outcome}`, words))
    return response.redirect('/settings/mail')
  }
}
