import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { acceptPlan } from '#payments/plans/accept_plan'
import { acknowledge, type DebtorEntry } from '#payments/plans/acknowledge'
import { tellCreditor, tellDebtor } from '#payments/plans/announcements'
import { createPlan, plannable, type ScheduleWish } from '#payments/plans/begin_plan'
import Plan from '#payments/plans/models/plan'

export interface PlanWish extends ScheduleWish, DebtorEntry {
  locale: 'fr' | 'en'
}

export type Proposed =
  | { outcome: 'proposed' | 'accepted' | 'already_proposed'; plan: Plan }
  | { outcome: 'changed' | 'rate_missing' | 'not_open' }

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
    const asked = await plannable(trx, wish)
    if (asked.outcome !== 'plannable') return asked
    const { claim, draft } = asked
    const { months, dayOfMonth, locale } = wish
    const plan = await createPlan(trx, claim, draft, { months, dayOfMonth, locale })
    await acknowledge(trx, plan, draft.text, wish)
    await recordEvent(trx, {
      claimId: claim.id,
      type: 'plan.proposed',
      actor: 'debtor',
      detail: { plan: plan.ref, months, totalCents: draft.totalCents },
    })
    await plan.merge({ creditorTold: await tellCreditor(trx, plan, 'proposed') }).save()
    if (plan.withinRules && !(await this.#hasFailed(trx, claim.id))) {
      await acceptPlan(trx, plan)
      return { outcome: 'accepted', plan }
    }
    await tellDebtor(trx, plan, 'proposed')
    return { outcome: 'proposed', plan }
  }

  /** One that was agreed on and not kept: another is for a person to accept. */
  async #hasFailed(trx: TransactionClientContract, claimId: number) {
    const failed = await Plan.query({ client: trx })
      .where('claimId', claimId)
      .whereIn('state', ['lapsed', 'broken'])
      .where((agreed) => agreed.whereNull('offeredById').orHas('acknowledgement').orWhere('state', 'broken'))
      .first()
    return failed !== null
  }
}
