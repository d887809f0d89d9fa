import type { HttpContext } from '@adonisjs/core/http'
import Agency from '#agency/models/agency'
import { SetMailRoutes } from '#registered_mail/actions/set_mail_routes'
import { mailSettingsOf } from '#registered_mail/queries/mail_settings'
import { mailSettings } from '#registered_mail/validators'

/** "Envoi du courrier": who carries each kind of letter, and how it is printed. */
export default class MailRoutesController {
  async edit({ response, view }: HttpContext) {
    const agency = await Agency.current()
    if (!agency) return response.redirect('/settings/identity')
    return view.render('pages/mailings/settings', { agency, ...(await mailSettingsOf(agency)) })
  }

  async update({ request, response, session, i18n }: HttpContext) {
    await Agency.currentOrFail()
    await new SetMailRoutes().handle(await request.validateUsing(mailSettings))
    session.flash('success', i18n.t('agency.saved'))
    return response.redirect('/settings/mail')
  }
}
