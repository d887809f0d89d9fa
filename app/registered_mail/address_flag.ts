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

/** The notice of an electronic letter came back: that address is written to no more until it is corrected. */
export async function flagEmail(trx: TransactionClientContract, { letterId }: Mailing) {
  const row = await trx
    .from('letter_addressees')
    .join('letters', 'letters.id', 'letter_addressees.letter_id')
    .join('claims', 'claims.id', 'letters.claim_id')
    .where('letters.id', letterId)
    .select('letter_addressees.email', 'claims.debtor_id')
    .first()
  if (!row) return
  await trx
    .from('contact_points')
    .where({ debtor_id: row.debtor_id, kind: 'email', value: row.email })
    .whereNull('bounced_at')
    .update({ bounced_at: clock.now() })
}

/** Told otherwise since: it did reach the door. What another letter showed stays. */
export const liftFlag = (trx: TransactionClientContract, { id }: Mailing) =>
  trx
    .from('addresses')
    .where('undeliverable_mailing_id', id)
    .update({ undeliverable_at: null, undeliverable_reason: null, undeliverable_mailing_id: null })
