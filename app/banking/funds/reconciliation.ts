import db from '@adonisjs/lucid/services/db'
import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import { rowsOf, sqlList } from '#shared/sql'
import { idInKey } from '#claims/remittance_postings'
import { dedicatedAccounts, firstOpening } from '#banking/funds/bank_balance'

/** One thing that the bank and our books do not both know on a day. */
export type ReconcilingRow = {
  on: CivilDate
  /** What it is, where there is a page for it. */
  id: number | null
  ref: string | null
  text: string
  cents: Cents
}

export const RECONCILING = [
  'before',
  'to_match',
  'set_aside',
  'by_hand',
  'gateway',
  'remittances',
  'withdrawals',
] as const
export type ReconcilingKind = (typeof RECONCILING)[number]

/** `cents` is what it makes the bank hold more than our books; `rows` are the latest of `count`. */
export type ReconcilingGroup = { kind: ReconcilingKind; count: number; cents: Cents; rows: ReconcilingRow[] }

/** What is shown of each kind; the sums are of all. */
const SHOWN = 50

const ONLINE = sqlList(['card', 'sepa_debit', 'paypal', 'online'])

/** What a posting `p` put on the dedicated account. */
const ON_ACCOUNT = `case when p.debit_account = 'client_funds' then p.amount_cents when p.credit_account = 'client_funds' then -p.amount_cents else 0 end`
const TOUCHES_ACCOUNT = `(p.debit_account = 'client_funds' or p.credit_account = 'client_funds')`
const WITHIN = 'p.effective_on >= :first and p.effective_on <= :on'

/** Lines of the dedicated account, whatever way their files write it. */
const LINES = `bank_lines l where l.account in (:account, :plain) and l.booked_on >= :first and l.booked_on <= :on`

/** Of a line `l`, what is neither a payment of a file nor a remittance. */
const LEFT = `(l.amount_cents
  - coalesce((select sum(case when m.kind = 'payment' then m.amount_cents else -m.amount_cents end)
      from bank_matches m where m.line_id = l.id and m.undone_at is null), 0)
  - coalesce((select sum(v.amount_cents) from remittance_movements v where v.line_id = l.id), 0))`

/**
 * Each group gives rows `at_on, id, ref, text, cents`. Together with the first balance they are the
 * lines of the bank less our postings: what they leave unexplained is in no file that we were given.
 */
const groupsSql = (): Record<Exclude<ReconcilingKind, 'before'>, string> => ({
  to_match: `select l.booked_on as at_on, l.id, null as ref, coalesce(l.counterparty, l.label) as text, ${LEFT} as cents
    from ${LINES} and l.state <> 'ignored' and ${LEFT} <> 0`,
  set_aside: `select l.booked_on as at_on, l.id, null as ref, l.ignored_reason as text, ${LEFT} as cents
    from ${LINES} and l.state = 'ignored' and l.ignored_reason <> 'stripe_payout' and ${LEFT} <> 0`,
  by_hand: `select y.received_on as at_on, null as id, c.ref, y.ref as text, x.cents from (
      select z.payment_id, sum(z.cents) as cents from (
        select m.payment_id, case when m.kind = 'payment' then m.amount_cents else -m.amount_cents end as cents
          from bank_matches m join bank_lines l on l.id = m.line_id
          where m.undone_at is null and l.account in (:account, :plain) and l.booked_on >= :first and l.booked_on <= :on
        union all
        select p.payment_id, -(${ON_ACCOUNT}) from postings p join payments q on q.id = p.payment_id
          where ${TOUCHES_ACCOUNT} and ${WITHIN} and q.method not in (${ONLINE})
      ) z group by z.payment_id having sum(z.cents) <> 0) x
    join payments y on y.id = x.payment_id join claims c on c.id = y.claim_id`,
  gateway: `select p.effective_on as at_on, null as id, c.ref, q.ref as text, -(${ON_ACCOUNT}) as cents
      from postings p join payments q on q.id = p.payment_id join claims c on c.id = q.claim_id
      where ${TOUCHES_ACCOUNT} and ${WITHIN} and q.method in (${ONLINE})
    union all
    select l.booked_on, l.id, null, l.label, ${LEFT} from ${LINES} and l.state = 'ignored' and l.ignored_reason = 'stripe_payout'`,
  remittances: `select r.created_at as at_on, null as id, r.ref, k.name as text, x.cents from (
      select z.remittance_id, sum(z.cents) as cents from (
        select v.remittance_id, v.amount_cents as cents from remittance_movements v join bank_lines l on l.id = v.line_id
          where l.account in (:account, :plain) and l.booked_on >= :first and l.booked_on <= :on
        union all
        select r.id, -(${ON_ACCOUNT}) from postings p left join postings o on o.id = p.reverses_id
          join remittances r on r.id = ${idInKey('coalesce(o.key, p.key)', "coalesce(o.kind, p.kind) = 'remittance'")}
          where p.payment_id is null and ${TOUCHES_ACCOUNT} and ${WITHIN}
      ) z group by z.remittance_id having sum(z.cents) <> 0) x
    join remittances r on r.id = x.remittance_id join creditors k on k.id = r.creditor_id`,
  withdrawals: `select p.effective_on as at_on, null as id, k.ref, k.name as text, -(${ON_ACCOUNT}) as cents
    from postings p join creditors k on k.id = p.creditor_id
    where p.kind = 'withdrawal' and ${TOUCHES_ACCOUNT} and ${WITHIN}`,
})

/**
 * Everything that makes the bank's balance of a day differ from our books, one by one, from the first
 * statement of the dedicated account on; null before it, or without one.
 */
export async function reconciliation(on: CivilDate): Promise<ReconcilingGroup[] | null> {
  const accounts = await dedicatedAccounts()
  const opening = accounts.length > 0 ? await firstOpening(accounts) : null
  if (!opening || opening.on > on) return null
  const bindings = { account: accounts[0]!, plain: accounts.at(-1)!, first: opening.on, on }
  const groups = [beforeGroup(opening, await heldBefore(opening.on))]
  for (const [kind, sql] of Object.entries(groupsSql())) {
    const rows = await rowsOf<Record<string, string | number | null>>(
      db.connection(),
      `select w.*, count(*) over () as rows_count, sum(w.cents) over () as rows_cents
       from (${sql}) w order by w.at_on desc, w.text desc limit ${SHOWN}`,
      bindings
    )
    groups.push({
      kind: kind as ReconcilingKind,
      count: Number(rows[0]?.rows_count ?? 0),
      cents: Number(rows[0]?.rows_cents ?? 0),
      rows: rows.map(rowOf),
    })
  }
  return groups.filter(({ count }) => count > 0)
}

export const explainedCents = (groups: readonly ReconcilingGroup[]): Cents =>
  sum(groups.map(({ cents }) => cents))

function beforeGroup(opening: { on: CivilDate; cents: Cents }, heldCents: Cents): ReconcilingGroup {
  const cents = opening.cents - heldCents
  return { kind: 'before', count: cents === 0 ? 0 : 1, cents, rows: [] }
}

async function heldBefore(first: CivilDate): Promise<Cents> {
  const [row] = await rowsOf<{ cents: number | null }>(
    db.connection(),
    `select sum(${ON_ACCOUNT}) as cents from postings p where ${TOUCHES_ACCOUNT} and p.effective_on < :first`,
    { first }
  )
  return Number(row!.cents ?? 0)
}

const rowOf = (row: Record<string, string | number | null>): ReconcilingRow => ({
  on: String(row.at_on).slice(0, 10),
  id: row.id === null ? null : Number(row.id),
  ref: row.ref === null ? null : String(row.ref),
  text: String(row.text ?? ''),
  cents: Number(row.cents),
})
