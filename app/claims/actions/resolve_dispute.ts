import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import DisputeResolved from '#claims/events/dispute_resolved'
import { lockClaim } from '#claims/ledger'
import Claim from '#claims/models/claim'
import Closure from '#claims/models/closure'
import Dispute, { type DisputeOutcome } from '#claims/models/dispute'
import Pause from '#claims/models/pause'
import { refreshStatus } from '#claims/status'

export type ResolveDisputeInput = {
  dispute: Dispute
  outcome: DisputeOutcome
  /** What the debtor is told. */
  answer: string | null
  userId: number
}

/**
 * Writes a person's answer to a dispute and lets the file go on.
 *
 * - rejected, withdrawn: the file is again what it was before.
 * - upheld, whole file: nothing was owed, the file is closed as cancelled.
 * - upheld, some invoices: the file stays paused until its creditor has
 *   corrected them; only a person knows what is left.
 *
 * @returns `already_resolved` when somebody answered first
 */
export default class ResolveDispute {
  handle(input: ResolveDisputeInput): Promise<'resolved' | 'already_resolved'> {
    return transaction(async (trx) => {
      await lockClaim(trx, input.dispute.claimId)
      const dispute = await Dispute.findOrFail(input.dispute.id, { client: trx })
      if (dispute.outcome) return 'already_resolved'

      const at = clock.now()
      const { outcome, answer, userId } = input
      await dispute.merge({ outcome, answer, userId, resolvedAt: at }).save()
      if (outcome === 'upheld') await this.#uphold(trx, dispute, at)
      await refreshStatus(trx, 'claims.id = ?', [dispute.claimId])
      await recordEvent(trx, {
        claimId: dispute.claimId,
        type: 'dispute.resolved',
        actor: 'user',
        userId,
        detail: { outcome },
        at,
      })
      await DisputeResolved.dispatch(trx, dispute)
      return 'resolved'
    })
  }

  /** A file paid or closed meanwhile stays so. */
  async #uphold(trx: TransactionClientContract, dispute: Dispute, at: Instant) {
    const claim = await Claim.findOrFail(dispute.claimId, { client: trx })
    if (claim.status === 'paid' || claim.status === 'closed') return
    const record = { claimId: dispute.claimId, userId: dispute.userId, createdAt: at }
    const disputed = await dispute.related('invoices').query()
    if (disputed.length > 0) {
      await Pause.create({ ...record, reason: 'dispute_upheld' }, { client: trx })
      return
    }
    await Closure.create({ ...record, reason: 'cancelled', note: dispute.answer }, { client: trx })
  }
}
