import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { rowsOf } from '#shared/sql'
import type { Money } from '#payments/plans/schedule'

/** What each payment brought to the claim, less what went back (rule 32), in the order of their days. */
export async function receivedSince(
  trx: TransactionClientContract,
  claimId: number,
  afterPaymentId: number
): Promise<Money[]> {
  const rows = await rowsOf<{ received_on: string; cents: number }>(
    trx,
    `select p.received_on, p.amount_cents - p.suspense_cents
       - coalesce((select sum(r.amount_cents - r.suspense_cents) from payment_returns r where r.payment_id = p.id), 0) as cents
     from payments p where p.claim_id = :claim and p.id > :after order by p.received_on, p.id`,
    { claim: claimId, after: afterPaymentId }
  )
  return rows.map((row) => ({ on: row.received_on, cents: Number(row.cents) }))
}

/** The last payment of a file, that what is agreed on next already counts. */
export async function lastPaymentId(trx: TransactionClientContract, claimId: number): Promise<number> {
  const row = await trx.from('payments').where('claim_id', claimId).max('id as last').first()
  return Number(row?.last ?? 0)
}
