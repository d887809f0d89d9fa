import { clock, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import Delivery from '#deliveries/models/delivery'
import { recipeNamed } from '#deliveries/recipes'

/** What a person decides: it did arrive, send it again, or let it be. */
export const SETTLEMENTS = ['arrived', 'again', 'abandoned'] as const
export type Settlement = (typeof SETTLEMENTS)[number]

/** From which states each decision makes sense: what failed for sure has not arrived. */
const OPEN_TO: Record<Settlement, readonly string[]> = {
  arrived: ['uncertain'],
  again: ['uncertain', 'failed'],
  abandoned: ['uncertain'],
}

export const settlementsOf = ({ state }: Delivery): Settlement[] =>
  SETTLEMENTS.filter((settlement) => OPEN_TO[settlement].includes(state))

interface Input {
  delivery: Delivery
  settlement: Settlement
  userId: number
}

/**
 * Settles by hand a delivery that nobody else can: the mail server's answer was
 * lost, or it refused. Sent again, it is the same message under the same
 * Message-ID, so that a mailbox which already has it may know it.
 */
export class SettleDelivery {
  /** @returns false when the decision does not fit its state, or somebody settled it meanwhile */
  async handle({ delivery, settlement, userId }: Input): Promise<boolean> {
    const at = clock.now()
    return transaction(async (trx) => {
      const changed: unknown = await trx
        .from('deliveries')
        .where('id', delivery.id)
        .whereIn('state', [...OPEN_TO[settlement]])
        .update({ ...columnsAfter(settlement, delivery, at), updated_at: at })
      if (Number(changed) !== 1) return false
      const settled = await Delivery.findOrFail(delivery.id, { client: trx })
      if (settled.claimId) {
        await recordEvent(trx, {
          claimId: settled.claimId,
          type: `deliveries.settled_${settlement}`,
          actor: 'user',
          userId,
          detail: { deliveryId: settled.id, what: settled.subjectMatter },
          at,
        })
      }
      if (settlement !== 'again') await recipeNamed(settled.recipe)?.settled?.(trx, settled)
      return true
    })
  }
}

/** It left, if it did, when it became uncertain: within its lease of the truth. */
function columnsAfter(settlement: Settlement, delivery: Delivery, at: Instant) {
  if (settlement === 'arrived') return { state: 'sent', reason: null, sent_at: delivery.updatedAt }
  if (settlement === 'abandoned') return { state: 'cancelled', reason: 'abandoned' }
  return { state: 'queued', reason: null, attempts: 0, not_before_at: at }
}
