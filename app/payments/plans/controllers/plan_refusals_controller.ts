import type { HttpContext } from '@adonisjs/core/http'
import { answerPlan } from '#payments/plans/controllers/answer'

/** A proposal is not accepted. */
export default class PlanRefusalsController {
  store(ctx: HttpContext) {
    return answerPlan(ctx, 'refuse')
  }
}
