import type { HttpContext } from '@adonisjs/core/http'
import ResolveDispute from '#claims/actions/resolve_dispute'
import Claim from '#claims/models/claim'
import Dispute from '#claims/models/dispute'
import { disputeResolution } from '#claims/validators'

/** A person's answer to a dispute. */
export default class DisputeResolutionsController {
  async store({ auth, i18n, params, request, response, session }: HttpContext) {
    const claim = await Claim.findByOrFail('ref', params.ref)
    const dispute = await Dispute.query().where('claimId', claim.id).where('id', params.id).firstOrFail()
    const [error, resolution] = await request.tryValidateUsing(disputeResolution)
    if (error) {
      session.flashValidationErrors(error)
      return response.redirect().toPath(`/claims/${claim.ref}`)
    }

    const done = await new ResolveDispute().handle({
      dispute,
      outcome: resolution.outcome,
      answer: resolution.answer ?? null,
      userId: auth.getUserOrFail().id,
    })
    session.flash('success', i18n.t(`claims.disputes.${done}`))
    return response.redirect().toPath(`/claims/${claim.ref}`)
  }
}
