import type { HttpContext } from '@adonisjs/core/http'
import Agency from '#agency/models/agency'
import { clock } from '#shared/clock'

/** First run, the end: what to do next. */
export default class SetupDoneController {
  async show({ view }: HttpContext) {
    const agency = await Agency.currentOrFail()
    return view.render('pages/agency/setup/done', { agency, gaps: agency.legalGaps(clock.today()) })
  }
}
