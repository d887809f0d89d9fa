import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { sum } from '#shared/money'
import { transaction } from '#shared/transaction'
import { lockClaim } from '#claims/ledger'
import Claim from '#claims/models/claim'
import { loadOwed } from '#claims/owed'
import { acceptPlan } from '#payments/plans/accept_plan'
import { acknowledge, type DebtorEntry } from '#payments/plans/acknowledge'
import { isOpenToPlans } from '#payments/plans/begin_plan'
import { tellCreditor } from '#payments/plans/announcements'
import { endPlan } from '#payments/plans/end_plan'
import Plan from '#payments/plans/models/plan'

/** `over`: it lapsed, was withdrawn or answered. `changed`: what is owed is no longer what it plans. */
export type OfferAnswered = 'done' | 'over' | 'changed'

/**
 * The debtor answers a plan that a person of the agency put to them. Agreeing is what proposing it
 * would have been: the deed in their own figures and words, on the text that they were sent; the plan
 * then begins with its first instalment, within 48 hours.
 */
export class AnswerOffer {
  accept(claimId: number, deed: DebtorEntry): Promise<OfferAnswered> {
    return transaction(async (trx) => {
      const plan = await this.#awaiting(trx, claimId)
      if (!plan) return 'over'
      const owed = await loadOwed(claimId, clock.today(), trx)
      if (owed.totalCents !== sum(plan.instalments.map(({ openCents }) => openCents))) {
        await endPlan(trx, plan, 'cancelled')
        return 'changed'
      }
      await acknowledge(trx, plan, plan.offeredText!, deed)
      await acceptPlan(trx, plan)
      await tellCreditor(trx, plan, 'accepted')
      return 'done'
    })
  }

  decline(claimId: number): Promise<OfferAnswered> {
    return transaction(async (trx) => {
      const plan = await this.#awaiting(trx, claimId)
      return plan && (await endPlan(trx, plan, 'refused')) ? 'done' : 'over'
    })
  }

  async #awaiting(trx: TransactionClientContract, claimId: number) {
    await lockClaim(trx, claimId)
    const claim = await Claim.findOrFail(claimId, { client: trx })
    const plan = await Plan.query({ client: trx })
      .where({ claimId, state: 'proposed' })
      .whereNotNull('offeredById')
      .preload('instalments')
      .first()
    const stands = isOpenToPlans(claim, clock.today()) && plan && plan.startByAt! > clock.now()
    return stands ? plan : null
  }
}
