import type { HttpContext } from '@adonisjs/core/http'
import { answerWith } from '#portal/ere/answer'

/** Receives the letter, which is not to agree with it. */
export default class AcceptancesController {
  store(ctx: HttpContext) {
    return answerWith(ctx, 'accept')
  }
}
