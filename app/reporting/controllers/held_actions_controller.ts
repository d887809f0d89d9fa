import type { HttpContext } from '@adonisjs/core/http'
import { reasonsNothingWent } from '#reporting/agenda/agenda'
import { heldActions } from '#reporting/agenda/held'
import { heldFilters } from '#reporting/validators'

/** N1: "Rien n'est parti pour…", each with its reason and until when. */
export default class HeldActionsController {
  async index({ request, view }: HttpContext) {
    const [, asked] = await request.tryValidateUsing(heldFilters)
    const reason = asked?.reason ?? null
    return view.render('pages/agenda/held', {
      ...(await heldActions(reason, asked?.page ?? 1)),
      reason,
      reasons: await reasonsNothingWent(),
    })
  }
}
