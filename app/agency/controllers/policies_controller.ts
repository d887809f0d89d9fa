import type { HttpContext } from '@adonisjs/core/http'
import ConfigureAgency from '#agency/actions/configure_agency'
import Agency from '#agency/models/agency'
import { policiesValidator } from '#agency/validators'

/** What an import must hold to be launched, and how often a person may be contacted. */
export default class PoliciesController {
  async edit({ response, view }: HttpContext) {
    const agency = await Agency.current()
    if (!agency) return response.redirect('/settings/identity')
    return view.render('pages/agency/policies', { agency })
  }

  async update({ request, response, session, i18n }: HttpContext) {
    await Agency.currentOrFail()
    await new ConfigureAgency().handle(await request.validateUsing(policiesValidator))
    session.flash('success', i18n.t('agency.saved'))
    return response.redirect('/settings')
  }
}
