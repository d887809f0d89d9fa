import type { HttpContext } from '@adonisjs/core/http'
import Scenario from '#campaigns/models/scenario'
import { stepsOf } from '#campaigns/queries/step_templates'

/** A scenario for businesses and for consumers: its steps, when, how and from which template. */
export default class ScenariosController {
  async show({ params, response, view }: HttpContext) {
    const scenarios = await Scenario.query().where('slug', params.slug).orderBy('kind').preload('steps')
    if (scenarios.length === 0) return response.notFound()
    const versions = []
    for (const scenario of scenarios) versions.push({ scenario, steps: await stepsOf(scenario) })
    const slugs = await Scenario.query().distinct('slug').orderBy('slug')
    return view.render('pages/campaigns/scenario', { slug: params.slug, versions, slugs })
  }
}
