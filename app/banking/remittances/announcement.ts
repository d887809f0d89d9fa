import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { enqueue } from '#deliveries/outbox'
import { creditorTeam } from '#payments/announcements'
import type Remittance from '#banking/remittances/models/remittance'

/** The statement of what was remitted, and the fee's invoice, to everybody at the creditor's, once each; again when a transfer came back and was made anew. */
export async function announceRemittance(
  trx: TransactionClientContract,
  remittance: Remittance,
  attempt: number
) {
  const { id, creditorId, creditor } = remittance
  for (const recipient of await creditorTeam(trx, creditorId, creditor.email)) {
    await enqueue(trx, {
      key: `remittance:${id}:${attempt === 1 ? '' : `${attempt}:`}${recipient}`,
      recipe: 'banking.remittance',
      parameters: { remittanceId: id },
      recipient,
      creditorId,
    })
  }
}
