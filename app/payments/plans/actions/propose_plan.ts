import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import type { Cents } from '#shared/money'
import { numbered, takeNumbers } from '#shared/numbering'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import { refreshLimitation } from '#claims/limitation_end'
import Claim from '#claims/models/claim'
import { assertRatesKnown, fallenDue, loadOwed } from '#claims/owed'
import PaymentAttempt from '#payments/models/payment_attempt'
import { acknowledgementSha256, type OwnEntry } from '#payments/plans/acknowledgement'
import { acceptPlan } from '#payments/plans/accept_plan'
import { tellCreditor, tellDebtor } from '#payments/plans/announcements'
import { draftPlan } from '#payments/plans/draft'
import { lastPaymentId } from '#payments/plans/received'
import Acknowledgement from '#payments/plans/models/acknowledgement'
import Plan, { LIVE_PLANS } from '#payments/plans/models/plan'
import PlanInstalment from '#payments/plans/models/plan_instalment'
import { isPlan } from '#payments/plans/rules'

export interface PlanWish {
  claimId: number
  /** What the page showed: another sum means that something changed since. */
  totalCents: Cents
  months: number
  dayOfMonth: number
  entry: OwnEntry
  ip: string | null
  userAgent: string | null
  locale: 'fr' | 'en'
}

export type Proposed =
  | { outcome: 'proposed' | 'accepted' | 'already_proposed'; plan: Plan }
  /** The sum is no longer the one that was shown. */
  | { outcome: 'changed' }
  /** Nothing to plan: nothing is due, it is disputed, prescribed or over, or the gateway is at it. */
  | { outcome: 'not_open' }

/**
 * A debtor proposes to pay month by month and acknowledges the debt (C. civ. 1376), in one
 * transaction: the schedule, the deed with its exact wording, the limitation period that it restarts
 * (rule 38), and the word to the creditor (rule 35). Within the creditor's rules it is accepted at
 * once; else a person answers.
 */
export class ProposePlan {
  handle(wish: PlanWish): Promise<Proposed> {
    return transaction((trx) => this.#propose(trx, wish))
  }

  async #propose(trx: TransactionClientContract, wish: PlanWish): Promise<Proposed> {
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
    if (!isOpenToPlans(claim, today) || (await this.#isPaying(trx, claim.id))) return { outcome: 'not_open' }
    const owed = await loadOwed(claim.id, today, trx)
    assertRatesKnown(owed)
    const due = fallenDue(owed)
    // A plan is about the whole file: with a part not yet due, sums would not meet at its end.
    if (due.totalCents <= 0 || due.totalCents !== owed.totalCents) return { outcome: 'not_open' }
    if (due.totalCents !== wish.totalCents || !isPlan(due.totalCents, wish.months))
      return { outcome: 'changed' }

    const { months, dayOfMonth } = wish
    const { instalments, withinRules, text } = draftPlan(claim, due, { months, dayOfMonth, today })
    const now = clock.now()
    const year = Number(today.slice(0, 4))
    const plan = await Plan.create(
      {
        ref: numbered('P', year, await takeNumbers(trx, 'plan', year)),
        claimId: claim.id,
        state: 'proposed',
        totalCents: due.totalCents,
        months,
        dayOfMonth,
        withinRules,
        creditorTold: false,
        locale: wish.locale,
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
    await Acknowledgement.create(
      {
        planId: plan.id,
        claimId: claim.id,
        typedFigures: wish.entry.figures,
        typedWords: wish.entry.words,
        text,
        textSha256: acknowledgementSha256(text, wish.entry),
        ip: wish.ip,
        userAgent: wish.userAgent?.slice(0, 1000) ?? null,
        createdAt: now,
      },
      { client: trx }
    )
    await refreshLimitation(trx, claim.id)
    await recordEvent(trx, {
      claimId: claim.id,
      type: 'plan.proposed',
      actor: 'debtor',
      detail: { plan: plan.ref, months, totalCents: due.totalCents },
    })
    await plan.merge({ creditorTold: await tellCreditor(trx, plan, 'proposed') }).save()
    if (plan.withinRules && !(await this.#hasFailed(trx, claim.id))) {
      await acceptPlan(trx, plan)
      return { outcome: 'accepted', plan }
    }
    await tellDebtor(trx, plan, 'proposed')
    return { outcome: 'proposed', plan }
  }

  /** One that was not kept before: another is for a person to accept. */
  async #hasFailed(trx: TransactionClientContract, claimId: number) {
    const failed = await Plan.query({ client: trx })
      .where('claimId', claimId)
      .whereIn('state', ['lapsed', 'broken'])
      .first()
    return failed !== null
  }

  /** A debit under way already covers a part: what is owed is not known before its bank answers. */
  async #isPaying(trx: TransactionClientContract, claimId: number) {
    const found = await PaymentAttempt.query({ client: trx })
      .where('claimId', claimId)
      .whereIn('state', ['processing', 'unknown'])
      .first()
    return found !== null
  }
}

/** Rules 39 and 41: nothing is agreed on what is disputed or prescribed. */
const isOpenToPlans = (claim: Claim, today: string) =>
  ['new', 'active', 'paused'].includes(claim.status) && claim.limitationOn >= today
