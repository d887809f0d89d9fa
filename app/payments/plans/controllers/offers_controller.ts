import type { HttpContext } from '@adonisjs/core/http'
import { refuseField } from '#shared/forms'
import { transaction } from '#shared/transaction'
import { lockClaim } from '#claims/ledger'
import { findClaim } from '#claims/visible_claims'
import { endOffers, MakeOffer } from '#payments/plans/actions/make_offer'
import { offerForm } from '#payments/plans/validators'

/** What settles a file for less, within the rules of its creditor. */
export default class OffersController {
  async store(ctx: HttpContext) {
    const { auth, i18n, params, request, response, session } = ctx
    const user = auth.getUserOrFail()
    const claim = await findClaim(user, params.ref)
    const { discount, valid_days: validDays } = await request.validateUsing(offerForm)
    const offer = { claimId: claim.id, discountBps: discount, validDays, userId: user.id }
    const outcome = await new MakeOffer().handle(offer)
    if (outcome !== 'made') return refuseField(ctx, 'discount', `payments.offers.${outcome}`)
    session.flash('success', i18n.t('payments.offers.made'))
    return response.redirect().toPath(`/claims/${claim.ref}`)
  }

  async destroy({ auth, params, response }: HttpContext) {
    const user = auth.getUserOrFail()
    const claim = await findClaim(user, params.ref)
    await transaction(async (trx) => {
      await lockClaim(trx, claim.id)
      await endOffers(trx, claim.id, user.id)
    })
    return response.redirect().toPath(`/claims/${claim.ref}`)
  }
}
