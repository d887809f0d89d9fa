import type { HttpContext } from '@adonisjs/core/http'
import { addDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import { STAFF_SKIP_REASONS } from '#campaigns/reasons'
import { loadAgenda, onTheWay, reasonsNothingWent, receivedThisWeek } from '#reporting/agenda/agenda'
import { agendaFilters } from '#reporting/validators'

/** The home page: what waits for a person today. */
export default class AgendaController {
  async index({ auth, request, view }: HttpContext) {
    const [, asked] = await request.tryValidateUsing(agendaFilters)
    const agenda = await loadAgenda(auth.getUserOrFail().role, asked?.group ?? null, asked?.page ?? 1)
    return view.render('pages/agenda/index', {
      ...agenda,
      noon: new Date(`${agenda.today}T12:00:00Z`),
      skipReasons: STAFF_SKIP_REASONS,
      tomorrow: addDays(clock.today(), 1),
      reasons: await reasonsNothingWent(),
      onTheWay: await onTheWay(),
      received: await receivedThisWeek(addDays(clock.today(), -7)),
    })
  }
}
