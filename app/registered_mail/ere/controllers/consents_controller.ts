import type { HttpContext } from '@adonisjs/core/http'
import { refuseField } from '#shared/forms'
import { findClaim } from '#claims/visible_claims'
import { RecordConsent } from '#registered_mail/ere/actions/record_consent'
import { WithdrawConsent } from '#registered_mail/ere/actions/withdraw_consent'
import EreConsent from '#registered_mail/ere/models/ere_consent'
import { consentForm } from '#registered_mail/ere/validators'

/** Rule 46: what a consumer agreed to before anything leaves electronically. */
export default class ConsentsController {
  async store(ctx: HttpContext) {
    const { auth, params, request, response, session, i18n } = ctx
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const form = await request.validateUsing(consentForm)
    const outcome = await new RecordConsent().handle({
      claim,
      email: form.consent_email,
      givenOn: form.given_on,
      text: form.consent_text,
      source: form.source,
      by,
    })
    if (outcome === 'email_unknown') return refuseField(ctx, 'consent_email', 'ere.form_errors.email_unknown')
    if (outcome === 'date_future') return refuseField(ctx, 'given_on', 'ere.form_errors.date_future')
    session.flash('success', i18n.t('ere.flash.consent'))
    return response.redirect().toPath(`/claims/${claim.ref}#consents`)
  }

  async destroy({ auth, params, response, session, i18n }: HttpContext) {
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const { id: consentId } = await EreConsent.query()
      .where({ id: params.id, debtorId: claim.debtorId })
      .firstOrFail()
    await new WithdrawConsent().handle({ claim, consentId, by })
    session.flash('success', i18n.t('ere.flash.withdrawn'))
    return response.redirect().toPath(`/claims/${claim.ref}#consents`)
  }
}
