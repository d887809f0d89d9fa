import type { HttpContext } from '@adonisjs/core/http'
import ConfigureAgency from '#agency/actions/configure_agency'
import Agency from '#agency/models/agency'
import { identityValidator } from '#agency/validators'

/** The name and address that letters carry. */
export default class IdentitiesController {
  async edit({ view }: HttpContext) {
    return view.render('pages/agency/identity', { agency: await Agency.current() })
  }

  async update({ request, response, session, i18n }: HttpContext) {
    await new ConfigureAgency().handle(await request.validateUsing(identityValidator))
    session.flash('success', i18n.t('agency.saved'))
    return response.redirect('/settings')
  }
}
