import type { HttpContext } from '@adonisjs/core/http'
import ConfigureAgency from '#agency/actions/configure_agency'
import Agency from '#agency/models/agency'
import { identityValidator } from '#agency/validators'

/** First run, first step: who the agency is. */
export default class SetupIdentityController {
  async edit({ view }: HttpContext) {
    return view.render('pages/agency/setup/identity', { agency: await Agency.current() })
  }

  async update({ request, response }: HttpContext) {
    await new ConfigureAgency().handle(await request.validateUsing(identityValidator))
    return response.redirect('/setup/legal')
  }
}
