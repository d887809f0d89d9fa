import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addMinutes, clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { hold } from '#claims/arrangements'
import { recordEvent } from '#claims/events'
import type Claim from '#claims/models/claim'
import { collectionEmail } from '#payments/announcements'
import { START_MINUTES } from '#payments/plans/accept_plan'
import { tellCreditor, tellDebtor } from '#payments/plans/announcements'
import { createPlan, plannable, type ScheduleWish } from '#payments/plans/begin_plan'
import type Plan from '#payments/plans/models/plan'
import type User from '#users/models/user'

export interface PlanOffer extends ScheduleWish {
  by: User
  /** Why it goes beyond what the creditor accepts beforehand, in writing. */
  beyondReason: string | null
}

export type Offered =
  | { outcome: 'offered'; plan: Plan }
  | { outcome: 'already_proposed' | 'changed' | 'rate_missing' | 'not_open' }
  /** Nothing may be sent before the first letter (rule 6), nor without an address. */
  | { outcome: 'first_letter_pending' | 'no_email' }
  | { outcome: Beyond }

/** Who may not go beyond the creditor's rules, and why. */
type Beyond = 'beyond_role' | 'beyond_mandate' | 'beyond_reason'

/**
 * What a debtor agreed to on the telephone, put to them in writing: the schedule and the deed they
 * would sign. It holds reminders and interest for 48 hours, and binds nobody until the debtor agrees
 * to it on their page, or pays its first instalment. The creditor is told (R124-5, rule 35).
 */
export class OfferPlan {
  handle(offer: PlanOffer): Promise<Offered> {
    return transaction((trx) => this.#offer(trx, offer))
  }

  async #offer(trx: TransactionClientContract, offer: PlanOffer): Promise<Offered> {
    const asked = await plannable(trx, offer)
    if (asked.outcome !== 'plannable') return { outcome: asked.outcome }
    const { claim, draft } = asked
    if (!claim.firstLetterRef) return { outcome: 'first_letter_pending' }
    if (!(await collectionEmail(trx, claim.debtorId))) return { outcome: 'no_email' }
    const beyond = draft.withinRules ? null : await this.#beyond(trx, claim, offer)
    if (beyond) return { outcome: beyond }
    const plan = await createPlan(trx, claim, draft, {
      months: offer.months,
      dayOfMonth: offer.dayOfMonth,
      locale: claim.debtor.locale === 'en' ? 'en' : 'fr',
      startByAt: addMinutes(clock.now(), START_MINUTES),
      offeredById: offer.by.id,
      offeredText: draft.text,
      beyondReason: draft.withinRules ? null : offer.beyondReason,
    })
    await hold(trx, claim.id, 'plan', clock.today())
    await recordEvent(trx, {
      claimId: claim.id,
      type: plan.beyondReason ? 'plan.offered_beyond' : 'plan.offered',
      actor: 'user',
      userId: offer.by.id,
      detail: { plan: plan.ref, months: plan.months, totalCents: plan.totalCents, why: plan.beyondReason },
    })
    await plan.merge({ creditorTold: await tellCreditor(trx, plan, 'offered') }).save()
    await tellDebtor(trx, plan, 'offered')
    return { outcome: 'offered', plan }
  }

  async #beyond(trx: TransactionClientContract, { creditor }: Claim, { by, beyondReason }: PlanOffer) {
    if (by.role !== 'admin') return 'beyond_role' as const
    const mandate = await creditor.mandateOn(clock.today(), trx)
    if (!mandate?.plansBeyondRules) return 'beyond_mandate' as const
    return beyondReason ? null : ('beyond_reason' as const)
  }
}
