import type { HttpContext } from '@adonisjs/core/http'
import ConfigureAgency from '#agency/actions/configure_agency'
import Agency from '#agency/models/agency'
import { legalValidator } from '#agency/validators'

/** First run, second step: what CPCE R124-2 asks for; it may be left for later. */
export default class SetupLegalController {
  async edit({ response, view }: HttpContext) {
    const agency = await Agency.current()
    if (!agency) return response.redirect('/setup')
    return view.render('pages/agency/setup/legal', { agency })
  }

  async update({ request, response }: HttpContext) {
    const settings = await request.validateUsing(legalValidator)
    if (!(await Agency.current())) return response.redirect('/setup')
    await new ConfigureAgency().handle(settings)
    return response.redirect('/setup/admin')
  }
}
