import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { rowsOf } from '#shared/sql'
import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'

/** Of each payment, what the ledger holds for the creditor: what it settled, less what went back. */
export const HELD_BY_PAYMENT = `(select p.creditor_id, p.payment_id,
    sum(case when p.credit_account = 'creditor_payable' then p.amount_cents else -p.amount_cents end) as cents
  from postings p
  where p.payment_id is not null and (p.credit_account = 'creditor_payable' or p.debit_account = 'creditor_payable')
  group by p.creditor_id, p.payment_id)`

/**
 * The same of what its own account got: nothing to remit, but the fee is due. A payment went to one
 * account only.
 */
const COLLECTED_BY_PAYMENT = `(select p.creditor_id, p.payment_id,
    sum(case when p.credit_account in ('creditor_payable', 'creditor_paid') then p.amount_cents else -p.amount_cents end) as cents
  from postings p
  where p.payment_id is not null and (p.credit_account in ('creditor_payable', 'creditor_paid')
    or p.debit_account in ('creditor_payable', 'creditor_paid'))
  group by p.creditor_id, p.payment_id)`

/** Of each payment `d`, what remittances have drawn already. */
const DRAWN = `(select l.payment_id, max(l.position) + 1 as next_position, sum(l.collected_cents) as collected_cents,
    sum(l.fee_cents) as fee_cents, sum(l.vat_cents) as vat_cents, max(l.rate_bps) as rate_bps
  from remittance_lines l where l.released_at is null group by l.payment_id)`

/** What a payment still brings to its creditor, or takes back from it, and what its former lines drew. */
export type OwedPayment = {
  creditorId: number
  paymentId: number
  receivedOn: CivilDate
  cents: Cents
  /** It went to the creditor's own account: only its fee is owed, to the agency. */
  isDirect: boolean
  drawn: { nextPosition: number; collectedCents: Cents; feeCents: Cents; vatCents: Cents; rateBps: number }
  /** The file: what its fee depends on. */
  principalCents: Cents
  oldestDueOn: CivilDate
  enteredAt: string
}

/**
 * What is owed to creditors and not yet in a remittance, of the payments received until a day. What
 * went back is counted whatever its day: that money is not there any more.
 */
export async function owedPayments(client: QueryClientContract, until: CivilDate): Promise<OwedPayment[]> {
  const rows = await rowsOf<Record<string, string | number>>(
    client,
    `select x.creditor_id, x.payment_id, m.received_on, x.cents - coalesce(d.collected_cents, 0) as cents,
       coalesce(d.next_position, 0) as next_position, coalesce(d.collected_cents, 0) as drawn_cents,
       coalesce(d.fee_cents, 0) as fee_cents, coalesce(d.vat_cents, 0) as vat_cents,
       coalesce(d.rate_bps, 0) as rate_bps,
       case when m.destination_account is null then 0 else 1 end as direct, c.principal_cents, c.oldest_due_on, c.created_at
     from ${COLLECTED_BY_PAYMENT} x
     join payments m on m.id = x.payment_id
     join claims c on c.id = m.claim_id
     left join ${DRAWN} d on d.payment_id = x.payment_id
     where m.received_on <= :until and x.cents <> coalesce(d.collected_cents, 0)
     order by x.creditor_id, m.received_on, x.payment_id`,
    { until }
  )
  return rows.map((row) => ({
    creditorId: Number(row.creditor_id),
    paymentId: Number(row.payment_id),
    receivedOn: String(row.received_on),
    cents: Number(row.cents),
    isDirect: Number(row.direct) === 1,
    drawn: {
      nextPosition: Number(row.next_position),
      collectedCents: Number(row.drawn_cents),
      feeCents: Number(row.fee_cents),
      vatCents: Number(row.vat_cents),
      rateBps: Number(row.rate_bps),
    },
    principalCents: Number(row.principal_cents),
    oldestDueOn: String(row.oldest_due_on),
    enteredAt: String(row.created_at),
  }))
}

/**
 * Prepared remittances of which a payment has gone back since, in part or whole: paying them would
 * take from the funds of others. They are cancelled, and prepared again for what is left.
 */
export async function preparedWithReturns(client: QueryClientContract): Promise<string[]> {
  const rows = await rowsOf<{ ref: string }>(
    client,
    `select distinct r.ref from remittances r
     join remittance_lines l on l.remittance_id = r.id
     join ${HELD_BY_PAYMENT} x on x.payment_id = l.payment_id
     join ${DRAWN} d on d.payment_id = l.payment_id
     where r.state = 'prepared' and x.cents < d.collected_cents order by r.ref`
  )
  return rows.map(({ ref }) => ref)
}
