import db from '@adonisjs/lucid/services/db'
import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { rowsOf } from '#shared/sql'

/** Receipts `q` that are worth something: none has replaced them. */
export const CURRENT_RECEIPT = 'not exists (select 1 from receipts n where n.replaces_id = q.id)'

/** The email `e` that carries a receipt `q`. */
export const RECEIPT_DELIVERY = `e.key = 'receipt:' || q.payment_id || case when q.replaces_id is null then '' else ':' || q.id end`

/** Receipts that no email brings to their debtor, and that nobody has posted or handed over yet (R124-6, rule 33). */
export const RECEIPTS_TO_DISPATCH = `receipts q
  left join deliveries e on ${RECEIPT_DELIVERY}
  where ${CURRENT_RECEIPT} and (e.id is null or e.state in ('failed', 'cancelled'))
    and not exists (select 1 from receipt_dispatches h where h.receipt_id = q.id)`

export type ReceiptToDispatch = {
  number: string
  payment: string
  claim: string
  debtor: string
  receivedOn: CivilDate
  amountCents: Cents
}

/** The oldest first, up to `most`. */
export async function receiptsToDispatch(most: number): Promise<ReceiptToDispatch[]> {
  const rows = await rowsOf<Record<string, string>>(
    db.connection(),
    `select x.number, m.ref as payment, m.received_on, m.amount_cents, c.ref as claim,
       coalesce(d.company_name, d.full_name) as debtor
     from (select q.id, q.number, q.payment_id from ${RECEIPTS_TO_DISPATCH}) x
     join payments m on m.id = x.payment_id
     join claims c on c.id = m.claim_id
     join debtors d on d.id = c.debtor_id
     order by x.id limit :most`,
    { most }
  )
  return rows.map((row) => ({
    number: row.number!,
    payment: row.payment!,
    claim: row.claim!,
    debtor: row.debtor!,
    receivedOn: row.received_on!,
    amountCents: Number(row.amount_cents),
  }))
}
