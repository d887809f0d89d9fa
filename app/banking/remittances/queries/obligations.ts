import db from '@adonisjs/lucid/services/db'
import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { rowsOf } from '#shared/sql'
import { remitBy } from '#creditors/remit_by'
import { byDueOn, dueAlert, type DueAlert } from '#banking/remittances/models/remittance'
import { HELD_BY_PAYMENT } from '#banking/remittances/queries/owed_payments'

export type RemittanceDue = {
  ref: string
  name: string
  cents: Cents
  payments: number
  oldestOn: CivilDate
  dueOn: CivilDate
  alert: DueAlert
  /** How far it is: the remittance that holds the oldest payment, if any. */
  remittance: string | null
}

/**
 * Of each payment, what has not left for its creditor yet: what the ledger holds, less the lines of
 * remittances that are paid. One that is prepared or ordered is still due (rule 36).
 */
const NOT_LEFT = `(select h.creditor_id, h.payment_id, h.cents - coalesce(g.cents, 0) as cents
  from ${HELD_BY_PAYMENT} h
  left join (select l.payment_id, sum(l.collected_cents) as cents from remittance_lines l
    join remittances r on r.id = l.remittance_id where r.state = 'paid' group by l.payment_id) g
    on g.payment_id = h.payment_id)`

/** What each creditor is still owed, the first day it must have left, and how near that is; the most urgent first. */
export async function remittancesDue(today: CivilDate): Promise<RemittanceDue[]> {
  const rows = await rowsOf<Record<string, string | number | null>>(
    db.connection(),
    `select k.id, k.ref, k.name, m.received_on, x.cents, (
         select n.remittance_days from mandates n where n.creditor_id = k.id
         order by case when n.signed_on <= m.received_on and (n.ends_on is null or n.ends_on >= m.received_on)
           then 0 else 1 end, n.signed_on desc, n.id desc limit 1
       ) as remittance_days, (
         select r.ref from remittance_lines l join remittances r on r.id = l.remittance_id
         where l.payment_id = x.payment_id and r.state in ('prepared', 'exported') order by r.id desc limit 1
       ) as remittance
     from ${NOT_LEFT} x
     join payments m on m.id = x.payment_id
     join creditors k on k.id = x.creditor_id
     where x.cents <> 0 order by k.id, m.received_on, m.id`
  )
  const byCreditor = Map.groupBy(rows, ({ ref }) => String(ref))
  return [...byCreditor]
    .map(([ref, payments]) => dueOf(ref, payments, today))
    .filter((due) => due !== null)
    .sort(byDueOn)
}

function dueOf(
  ref: string,
  rows: readonly Record<string, string | number | null>[],
  today: CivilDate
): RemittanceDue | null {
  const cents = rows.reduce((total, row) => total + Number(row.cents), 0)
  const owed = rows.filter((row) => Number(row.cents) > 0)
  if (cents <= 0 || owed.length === 0) return null
  const [oldest] = owed
  const dueOn = owed
    .map(({ received_on: on, remittance_days: days }) =>
      remitBy(String(on), days === null ? null : Number(days))
    )
    .sort()[0]!
  return {
    ref,
    name: String(oldest!.name),
    cents,
    payments: owed.length,
    oldestOn: String(oldest!.received_on),
    dueOn,
    alert: dueAlert(dueOn, today),
    remittance: oldest!.remittance === null ? null : String(oldest!.remittance),
  }
}

export type UnsentNotice = {
  id: number | null
  state: string
  claim: string
  debtor: string
  creditor: string
  at: string
}

/**
 * R124-5, rule 34: what should have told a creditor of a payment, or that one went back, and has not
 * left; and payments of which nobody could be told, for want of an address.
 */
const UNSENT_NOTICES = `(select d.id, d.state, d.claim_id, d.created_at as at from deliveries d
    where d.recipe in ('payments.creditor_notice', 'payments.return_notice') and d.state <> 'sent'
  union all
  select null, 'no_email', e.claim_id, e.occurred_at from claim_events e where e.type = 'creditor_notice.no_email') x`

export async function unsentNotices(most: number): Promise<{ total: number; notices: UnsentNotice[] }> {
  const [sum] = await rowsOf<{ total: number }>(
    db.connection(),
    `select count(*) as total from ${UNSENT_NOTICES}`
  )
  const notices = await rowsOf<UnsentNotice>(
    db.connection(),
    `select x.id, x.state, x.at, c.ref as claim, coalesce(d.company_name, d.full_name) as debtor, k.name as creditor
     from ${UNSENT_NOTICES} join claims c on c.id = x.claim_id join debtors d on d.id = c.debtor_id
     join creditors k on k.id = c.creditor_id order by x.at, x.claim_id limit :most`,
    { most }
  )
  return { total: Number(sum!.total), notices }
}
