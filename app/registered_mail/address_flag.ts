import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import type Mailing from '#registered_mail/models/mailing'

/** Rule 52: no other letter goes to the address it was sent to, until a person has corrected it. */
export async function flagAddress(trx: TransactionClientContract, { id, addressId, reason }: Mailing) {
  if (!addressId) return
  await trx
    .from('addresses')
    .where('id', addressId)
    .whereNull('undeliverable_at')
    .update({
      undeliverable_at: clock.now(),
      undeliverable_reason: reason?.slice(0, 64) ?? null,
      undeliverable_mailing_id: id,
    })
}

/** Told otherwise since: it did reach the door. What another letter showed stays. */
export const liftFlag = (trx: TransactionClientContract, { id }: Mailing) =>
  trx
    .from('addresses')
    .where('undeliverable_mailing_id', id)
    .update({ undeliverable_at: null, undeliverable_reason: null, undeliverable_mailing_id: null })
