import type { HttpContext } from '@adonisjs/core/http'
import { answerWith } from '#portal/ere/answer'

/** Refuses it, with a reason or none. */
export default class RefusalsController {
  store(ctx: HttpContext) {
    return answerWith(ctx, 'refuse')
  }
}
