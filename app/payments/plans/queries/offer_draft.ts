import type { CivilDate } from '#shared/clock'
import { parseEuros } from '#shared/money'
import type Claim from '#claims/models/claim'
import { fallenDue, loadOwed } from '#claims/owed'
import { isOpenToPlans } from '#payments/plans/begin_plan'
import { draftPlan, type PlanDraft } from '#payments/plans/draft'
import Plan, { LIVE_PLANS } from '#payments/plans/models/plan'
import { isPlan, monthChoices, monthsFor, PLAN_DAYS } from '#payments/plans/rules'

export type OfferDraft = {
  draft: PlanDraft
  months: number
  day: number
  days: readonly number[]
  /** What the creditor accepts beforehand; 0 when it accepts no plan. */
  mostMonths: number
  /** The mandate lets an administrator go beyond, with a reason. */
  mayGoBeyond: boolean
}

/** What a person composes on the telephone; null when the file cannot be planned. */
export async function offerDraft(
  claim: Claim,
  asked: { months?: number; amount?: string; day?: number },
  today: CivilDate
): Promise<OfferDraft | null> {
  await claim.load('creditor')
  await claim.load('debtor')
  const live = await Plan.query()
    .where('claimId', claim.id)
    .whereIn('state', [...LIVE_PLANS])
    .first()
  const owed = await loadOwed(claim.id, today)
  const due = fallenDue(owed)
  const whole = due.totalCents > 0 && due.totalCents === owed.totalCents && owed.missingRates.length === 0
  if (live || !whole || !isOpenToPlans(claim, today) || !isPlan(due.totalCents, 2)) return null
  const mostMonths = monthChoices(due.totalCents, claim.creditor).at(-1) ?? 0
  const monthlyCents = asked.amount ? parseEuros(asked.amount) : null
  const byAmount = monthlyCents === null ? null : monthsFor(due.totalCents, monthlyCents)
  const byCount = asked.months && isPlan(due.totalCents, asked.months) ? asked.months : null
  const months = byAmount ?? byCount ?? Math.max(2, Math.min(4, mostMonths))
  const day = asked.day ?? PLAN_DAYS[0]
  const mandate = await claim.creditor.mandateOn(today)
  return {
    draft: draftPlan(claim, due, { months, dayOfMonth: day, today }),
    months,
    day,
    days: PLAN_DAYS,
    mostMonths,
    mayGoBeyond: mandate?.plansBeyondRules ?? false,
  }
}
