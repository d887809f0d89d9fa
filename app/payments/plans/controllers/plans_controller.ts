import type { HttpContext } from '@adonisjs/core/http'
import { saneFilters } from '#shared/sane_filters'
import Creditor from '#creditors/models/creditor'
import { PLAN_STATES } from '#payments/plans/models/plan'
import { PlanList } from '#payments/plans/queries/plan_list'
import { planFilters } from '#payments/plans/validators'

/** "Échéanciers": every plan, and what becomes of it; a creditor sees its own. */
export default class PlansController {
  async index({ auth, request, view }: HttpContext) {
    const user = auth.getUserOrFail()
    const asked = await saneFilters(planFilters, request.qs())
    const named = asked.creditor && user.role !== 'creditor' && (await Creditor.findBy('ref', asked.creditor))
    const creditorId = user.role === 'creditor' ? user.creditorId! : named ? named.id : undefined
    const found = await new PlanList({ state: asked.state, creditorId }).page(asked.page ?? 1)
    const creditors = user.role === 'creditor' ? [] : await Creditor.query().orderBy('name')
    return view.render('pages/payments/plans', { found, asked, creditors, states: [...PLAN_STATES, 'late'] })
  }
}
