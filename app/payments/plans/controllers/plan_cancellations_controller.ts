import type { HttpContext } from '@adonisjs/core/http'
import { answerPlan } from '#payments/plans/controllers/answer'

/** A plan is ended by a person: nothing more is charged. */
export default class PlanCancellationsController {
  store(ctx: HttpContext) {
    return answerPlan(ctx, 'cancel')
  }
}
