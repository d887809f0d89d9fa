import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { appendEvents } from '#registered_mail/evidence/append_events'
import type { EvidenceActor, EvidenceData } from '#registered_mail/evidence/event_types'

type Carriage = {
  [Type in 'carrier.took' | 'carrier.told' | 'proof.received']: {
    letterId: number
    type: Type
    actor: EvidenceActor
    data: EvidenceData[Type]
  }
}['carrier.took' | 'carrier.told' | 'proof.received']

/** What carries a letter says of it, and the proofs it gives, go in the letter's chain; a simple letter has none. */
export async function recordCarriage(trx: TransactionClientContract, event: Carriage) {
  const chain = await trx
    .from('evidence_chains')
    .where('letter_id', event.letterId)
    .select('letter_id')
    .first()
  if (chain) await appendEvents(trx, [event])
}

/** Who says it: the provider by its name, or the person who noted it. */
export const carrierActor = (provider: string, userId: number | null = null): EvidenceActor =>
  userId === null ? { kind: 'provider', id: provider } : { kind: 'user', id: String(userId) }
