import type { HttpContext } from '@adonisjs/core/http'
import { answerPlan } from '#payments/plans/controllers/answer'

/** A proposal beyond the creditor's rules is accepted by a person. */
export default class PlanAcceptancesController {
  store(ctx: HttpContext) {
    return answerPlan(ctx, 'accept')
  }
}
