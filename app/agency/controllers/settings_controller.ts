import type { HttpContext } from '@adonisjs/core/http'
import Agency from '#agency/models/agency'
import { clock } from '#shared/clock'

/** The agency at a glance: the R124-2 board, who it is, its rules. */
export default class SettingsController {
  async show({ response, view }: HttpContext) {
    const agency = await Agency.current()
    if (!agency) return response.redirect('/settings/identity')
    const today = clock.today()
    return view.render('pages/agency/settings', {
      agency,
      board: agency.legalBoard(today),
      mayAct: agency.legalGaps(today).length === 0,
      endsInDays: agency.insuranceEndsInDays(today),
    })
  }
}
