import type { HttpContext } from '@adonisjs/core/http'
import ScenarioStep from '#campaigns/models/scenario_step'
import { stepTemplateForm } from '#campaigns/validators'

/** Which template writes a step from now on, campaigns under way included. */
export default class StepTemplatesController {
  async update({ params, request, response, session, i18n }: HttpContext) {
    const step = await ScenarioStep.query()
      .where('id', params.step)
      .whereHas('scenario', (scenario) => scenario.where('slug', params.slug))
      .firstOrFail()
    const { template } = await request.validateUsing(stepTemplateForm)
    const chosen = await step.writeFrom(template)
    session.flash(
      chosen ? 'success' : 'error',
      i18n.t(`campaigns.scenario.flash.${chosen ? 'chosen' : 'unfit'}`)
    )
    return response.redirect().toPath(`/campaigns/scenarios/${params.slug}`)
  }
}
