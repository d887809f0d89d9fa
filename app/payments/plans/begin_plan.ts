import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { numbered, takeNumbers } from '#shared/numbering'
import { lockClaim } from '#claims/ledger'
import Claim from '#claims/models/claim'
import { fallenDue, loadOwed } from '#claims/owed'
import PaymentAttempt from '#payments/models/payment_attempt'
import { draftPlan, type PlanDraft } from '#payments/plans/draft'
import Plan, { LIVE_PLANS } from '#payments/plans/models/plan'
import PlanInstalment from '#payments/plans/models/plan_instalment'
import { lastPaymentId } from '#payments/plans/received'
import { isPlan } from '#payments/plans/rules'

/** A schedule that somebody wishes, on the sum that was shown to them. */
export interface ScheduleWish {
  claimId: number
  /** What the page showed: another sum means that something changed since. */
  totalCents: Cents
  months: number
  dayOfMonth: number
}

export type Plannable =
  | { outcome: 'plannable'; claim: Claim; draft: PlanDraft }
  | { outcome: 'already_proposed'; plan: Plan }
  /** The sum is no longer the one that was shown. */
  | { outcome: 'changed' }
  /** Nothing to plan: nothing is due, it is disputed, prescribed or over, or the gateway is at it. */
  | { outcome: 'not_open' }
  /** Rule 17: what is due today cannot be known. */
  | { outcome: 'rate_missing' }

/** Whether a file may be planned so, with its claim locked. */
export async function plannable(trx: TransactionClientContract, wish: ScheduleWish): Promise<Plannable> {
  await lockClaim(trx, wish.claimId)
  const live = await Plan.query({ client: trx })
    .where('claimId', wish.claimId)
    .whereIn('state', [...LIVE_PLANS])
    .first()
  if (live) return { outcome: 'already_proposed', plan: live }
  const claim = await Claim.query({ client: trx })
    .where('id', wish.claimId)
    .preload('creditor')
    .preload('debtor')
    .firstOrFail()
  const today = clock.today()
  if (!isOpenToPlans(claim, today) || (await isPaying(trx, claim.id))) return { outcome: 'not_open' }
  const owed = await loadOwed(claim.id, today, trx)
  if (owed.missingRates.length > 0) return { outcome: 'rate_missing' }
  const due = fallenDue(owed)
  // A plan is about the whole file: with a part not yet due, sums would not meet at its end.
  if (due.totalCents <= 0 || due.totalCents !== owed.totalCents) return { outcome: 'not_open' }
  if (due.totalCents !== wish.totalCents || !isPlan(due.totalCents, wish.months))
    return { outcome: 'changed' }
  const { months, dayOfMonth } = wish
  return { outcome: 'plannable', claim, draft: draftPlan(claim, due, { months, dayOfMonth, today }) }
}

type PlanOrigin = Pick<Plan, 'months' | 'dayOfMonth' | 'locale'> &
  Partial<Pick<Plan, 'startByAt' | 'offeredById' | 'offeredText' | 'beyondReason'>>

/** The plan with its schedule, which never changes; nobody is told yet. */
export async function createPlan(
  trx: TransactionClientContract,
  claim: Claim,
  { totalCents, withinRules, instalments }: PlanDraft,
  origin: PlanOrigin
): Promise<Plan> {
  const now = clock.now()
  const year = Number(clock.today().slice(0, 4))
  const plan = await Plan.create(
    {
      ...origin,
      ref: numbered('P', year, await takeNumbers(trx, 'plan', year)),
      claimId: claim.id,
      state: 'proposed',
      totalCents,
      withinRules,
      creditorTold: false,
      afterPaymentId: await lastPaymentId(trx, claim.id),
      createdAt: now,
      updatedAt: now,
    },
    { client: trx }
  )
  await PlanInstalment.createMany(
    instalments.map((instalment) => ({ ...instalment, planId: plan.id, paidCents: 0 })),
    { client: trx }
  )
  return plan
}

/** Rules 39 and 41: nothing is agreed on what is disputed or prescribed. */
export const isOpenToPlans = (claim: Pick<Claim, 'status' | 'limitationOn'>, today: CivilDate) =>
  ['new', 'active', 'paused'].includes(claim.status) && claim.limitationOn >= today

/** A debit under way already covers a part: what is owed is not known before its bank answers. */
async function isPaying(trx: TransactionClientContract, claimId: number) {
  const found = await PaymentAttempt.query({ client: trx })
    .where('claimId', claimId)
    .whereIn('state', ['processing', 'unknown'])
    .first()
  return found !== null
}
