import type { HttpContext } from '@adonisjs/core/http'
import { AnswerOffer } from '#payments/plans/actions/answer_offer'

/** The plan that was put to the debtor does not suit them: they may propose another. */
export default class PlanRefusalsController {
  async store({ portal, response }: HttpContext) {
    await new AnswerOffer().decline(portal.claim.id)
    return response.redirect().status(303).toPath('/p')
  }
}
