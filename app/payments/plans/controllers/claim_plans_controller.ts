import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { refuseField } from '#shared/forms'
import { saneFilters } from '#shared/sane_filters'
import { unknownInterest } from '#claims/owed'
import { findClaim } from '#claims/visible_claims'
import { OfferPlan, type Offered } from '#payments/plans/actions/offer_plan'
import { offerDraft } from '#payments/plans/queries/offer_draft'
import { planComposer, planOffer } from '#payments/plans/validators'

/** A plan that a person of the agency puts to a debtor, after a call. */
export default class ClaimPlansController {
  async create({ auth, i18n, params, request, response, session, view }: HttpContext) {
    const claim = await findClaim(auth.getUserOrFail(), params.ref)
    const asked = await saneFilters(planComposer, request.qs())
    const draft = await offerDraft(claim, asked, clock.today())
    if (!draft) {
      const why = (await unknownInterest(claim.id, clock.today())) ? 'rate_missing' : 'not_open'
      session.flash('error', i18n.t(`payments.plans.offer.${why}`))
      return response.redirect().toPath(`/claims/${claim.ref}`)
    }
    return view.render('pages/payments/plan_offer', { claim, asked, ...draft })
  }

  async store(ctx: HttpContext) {
    const { auth, i18n, params, request, response, session } = ctx
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const { total, months, day, reason } = await request.validateUsing(planOffer)
    const wish = { claimId: claim.id, totalCents: total, months, dayOfMonth: day }
    const { outcome } = await new OfferPlan().handle({ ...wish, by, beyondReason: reason ?? null })
    if (outcome !== 'offered') return refuseField(ctx, fieldOf(outcome), `payments.plans.offer.${outcome}`)
    session.flash('success', i18n.t('payments.plans.offer.offered'))
    return response.redirect().toPath(`/claims/${claim.ref}`)
  }
}

const fieldOf = (outcome: Offered['outcome']) => (outcome === 'beyond_reason' ? 'reason' : 'months')
