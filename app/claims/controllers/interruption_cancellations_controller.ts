import type { HttpContext } from '@adonisjs/core/http'
import CancelInterruption from '#claims/actions/cancel_interruption'
import LimitationInterruption from '#claims/models/limitation_interruption'
import { findClaim } from '#claims/visible_claims'

/** An act written down by mistake: the limitation period is worked out without it. */
export default class InterruptionCancellationsController {
  async store({ auth, params, response, session, i18n }: HttpContext) {
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const interruption = await LimitationInterruption.query()
      .where('claimId', claim.id)
      .where('id', params.id)
      .firstOrFail()
    const done = await new CancelInterruption().handle({ interruption, by })
    session.flash('success', i18n.t(`claims.interruptions.${done}`))
    return response.redirect().toPath(`/claims/${claim.ref}#legal`)
  }
}
