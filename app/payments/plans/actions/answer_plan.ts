import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { transaction } from '#shared/transaction'
import { lockClaim } from '#claims/ledger'
import { acceptPlan } from '#payments/plans/accept_plan'
import { endPlan } from '#payments/plans/end_plan'
import Plan from '#payments/plans/models/plan'

export type Answer = { kind: 'accept' | 'refuse' | 'cancel'; userId: number; note?: string | null }

/** A person answers a proposal, or ends a plan under way. One that is over is left as it is. */
export class AnswerPlan {
  handle(planId: number, answer: Answer): Promise<'done' | 'over'> {
    return transaction((trx) => this.#answer(trx, planId, answer))
  }

  async #answer(trx: TransactionClientContract, planId: number, { kind, userId, note }: Answer) {
    const { claimId } = await Plan.findOrFail(planId, { client: trx })
    await lockClaim(trx, claimId)
    const plan = await Plan.findOrFail(planId, { client: trx })
    if (kind === 'cancel') return (await endPlan(trx, plan, 'cancelled', { userId, note })) ? 'done' : 'over'
    // Nobody agrees to an offer in its debtor's place.
    if (plan.state !== 'proposed' || plan.isOffer) return 'over'
    if (kind === 'accept') await acceptPlan(trx, plan, { userId })
    else await endPlan(trx, plan, 'refused', { userId, note })
    return 'done'
  }
}
