import type { HttpContext } from '@adonisjs/core/http'
import CancelGrace from '#claims/actions/cancel_grace'
import GracePeriod from '#claims/models/grace_period'
import { findClaim } from '#claims/visible_claims'

/** A judge's decision that does not count any more. */
export default class GraceCancellationsController {
  async store({ auth, params, response, session, i18n }: HttpContext) {
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const grace = await GracePeriod.query().where('claimId', claim.id).where('id', params.id).firstOrFail()
    const done = await new CancelGrace().handle({ grace, by })
    session.flash('success', i18n.t(`claims.grace.${done}`))
    return response.redirect().toPath(`/claims/${claim.ref}#legal`)
  }
}
