import { addMinutes } from '#shared/clock'
import type { Guard } from '#deliveries/recipes'

const A_DAY_MINUTES = 24 * 60

/**
 * A debit that the bank has not answered is neither paid nor failed (U6): what a
 * campaign would say to that debtor meanwhile, by email or on paper, waits for the answer.
 */
export const guardDebitsInProgress: Guard = async (trx, delivery, at) => {
  if (!delivery.claimId || (!delivery.actionId && delivery.channel !== 'print')) return null
  const debit = await trx
    .from('payment_attempts')
    .where({ claim_id: delivery.claimId, state: 'processing' })
    .forUpdate()
    .first()
  return debit ? { deferUntil: addMinutes(at, A_DAY_MINUTES), reason: 'payment_in_progress' } : null
}
