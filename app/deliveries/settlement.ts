import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addMinutes, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import Delivery, { type DeliveryState } from '#deliveries/models/delivery'
import type { Driver, Outcome } from '#deliveries/drivers/driver'
import { recipeNamed, type Verdict } from '#deliveries/recipes'
import { MAX_ATTEMPTS, minutesAfter, UNREACHABLE_WAIT_MINUTES } from '#deliveries/attempts'

/** How one row ended, for now or for good; `lost` means that it was no longer this worker's. */
export type Fate = 'sent' | 'failed' | 'uncertain' | 'cancelled' | 'deferred' | 'retried' | 'lost'

export interface Conclusion {
  state: Extract<DeliveryState, 'queued' | 'sent' | 'failed' | 'uncertain' | 'cancelled'>
  reason: string | null
  attempts: number
  notBeforeAt?: Instant
  sentAt?: Instant
  /** Nobody has that address or number: it is not written to again until a person corrects it. */
  bounced?: boolean
  providerRef?: string | null
}

/** What an outcome makes of a row. Pure. */
export function conclude(
  attemptsBefore: number,
  outcome: Exclude<Outcome, { kind: 'withheld' }>,
  { keyed, settlesInMinutes = 0 }: Pick<Driver, 'keyed' | 'settlesInMinutes'>,
  at: Instant
): Conclusion {
  const attempts = attemptsBefore + 1
  if (outcome.kind === 'sent') {
    return { state: 'sent', reason: null, attempts, sentAt: at, providerRef: outcome.providerRef }
  }
  const { kind, reason } = outcome
  if (kind === 'no_mailbox') return { state: 'failed', reason, attempts, bounced: true }
  if (kind === 'permanent') return { state: 'failed', reason, attempts }
  if (kind === 'unreachable') {
    const notBeforeAt = addMinutes(at, UNREACHABLE_WAIT_MINUTES)
    return { state: 'queued', reason, attempts: attemptsBefore, notBeforeAt }
  }
  if (kind === 'unanswered' && !keyed) return { state: 'uncertain', reason, attempts }
  if (attempts >= MAX_ATTEMPTS) {
    return { state: kind === 'unanswered' ? 'uncertain' : 'failed', reason, attempts }
  }
  const minutes = Math.max(minutesAfter(attempts), kind === 'unanswered' ? settlesInMinutes : 0)
  return { state: 'queued', reason, attempts, notBeforeAt: addMinutes(at, minutes) }
}

/** A guard's or a recipe's verdict as a conclusion. */
export function verdictConclusion(attempts: number, verdict: NonNullable<Verdict>, at: Instant): Conclusion {
  if ('cancel' in verdict) return { state: 'cancelled', reason: verdict.cancel, attempts }
  const notBeforeAt = verdict.deferUntil > at ? verdict.deferUntil : addMinutes(at, 1)
  return { state: 'queued', reason: verdict.reason, attempts, notBeforeAt }
}

/**
 * Writes a conclusion if the row is still as its worker left it: same state,
 * same lease. A worker that woke up after its lease had run out changes
 * nothing. The file's timeline and the recipe's own consequences go in the same
 * transaction.
 *
 * @returns false when the row was no longer this worker's
 */
export async function settle(delivery: Delivery, conclusion: Conclusion, at: Instant): Promise<boolean> {
  return transaction(async (trx) => {
    // First, as for a departure: two that settle on one file would hold each other by its timeline.
    if (delivery.claimId) await lockClaim(trx, delivery.claimId)
    const changed = await takeBack(trx, delivery, {
      state: conclusion.state,
      reason: conclusion.reason?.slice(0, 255) ?? null,
      attempts: conclusion.attempts,
      not_before_at: conclusion.notBeforeAt ?? delivery.notBeforeAt,
      sent_at: conclusion.sentAt ?? null,
      provider_ref: conclusion.providerRef ?? delivery.providerRef,
      lease_owner: null,
      leased_until_at: null,
      updated_at: at,
    })
    if (changed && conclusion.bounced) await markBounced(trx, delivery, at)
    if (changed && conclusion.state !== 'queued') await announce(trx, delivery.id, at)
    return changed
  })
}

/** The address or number of that file's debtor: the same one given for somebody else is theirs to answer for. */
async function markBounced(
  trx: TransactionClientContract,
  { claimId, recipient, channel }: Delivery,
  at: Instant
) {
  if (!claimId) return
  await trx
    .from('contact_points')
    .whereIn('kind', channel === 'sms' ? ['mobile', 'phone'] : ['email'])
    .where('value', recipient)
    .whereNull('bounced_at')
    .whereIn('debtor_id', trx.from('claims').where('id', claimId).select('debtor_id'))
    .update({ bounced_at: at })
}

/** Updates a row only while its state and lease are those that this worker knows. */
export async function takeBack(
  trx: TransactionClientContract,
  delivery: Delivery,
  columns: Record<string, string | number | null>
): Promise<boolean> {
  const changed: unknown = await trx
    .from('deliveries')
    .where({ id: delivery.id, state: delivery.state, lease_owner: delivery.leaseOwner })
    .update(columns)
  return Number(changed) === 1
}

/** Tells the file's timeline and the recipe's owner that a row is settled. */
export async function announce(trx: TransactionClientContract, deliveryId: number, at: Instant) {
  const delivery = await Delivery.findOrFail(deliveryId, { client: trx })
  if (delivery.claimId) {
    await recordEvent(trx, {
      claimId: delivery.claimId,
      type: `deliveries.${delivery.state}`,
      actor: 'system',
      detail: {
        deliveryId,
        what: delivery.subjectMatter,
        channel: delivery.channel,
        reason: delivery.reason,
      },
      at,
    })
  }
  await recipeNamed(delivery.recipe)?.settled?.(trx, delivery)
}
