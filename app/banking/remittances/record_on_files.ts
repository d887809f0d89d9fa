import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { recordEvents } from '#claims/events'

export interface RemittanceEvent {
  type: 'remittance.paid' | 'remittance.returned'
  userId: number | null
  detail: Record<string, string>
}

/** A line on the timeline of each file whose money is in the remittance. */
export const recordOnFiles = (
  trx: TransactionClientContract,
  remittanceId: number,
  { type, userId, detail }: RemittanceEvent
) =>
  recordEvents(
    trx,
    {
      sql: `claims.id in (select m.claim_id from remittance_lines l join payments m on m.id = l.payment_id
        where l.remittance_id = ? and l.released_at is null and l.collected_cents > 0)`,
      bindings: [remittanceId],
    },
    { type, actor: userId ? 'user' : 'system', userId, detail }
  )
