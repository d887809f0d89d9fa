import db from '@adonisjs/lucid/services/db'
import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import { rowsOf } from '#shared/sql'
import { idInKey } from '#claims/remittance_postings'
import type { ChartAccount } from '#banking/accounting/accounts'

/** The code that lines which settle one another share, and the day on which they did. */
export type Letter = { code: string; on: CivilDate }

/** A line of the export: its posting and account, or its fee invoice. */
export const lineOfPosting = (postingId: number, account: ChartAccount) => `posting:${postingId}:${account}`
export const lineOfInvoice = (invoiceId: number) => `invoice:${invoiceId}`

/** A line to letter: positive to the debit. */
type Item = { line: string; on: CivilDate; cents: Cents }

/**
 * What settles what, on the accounts kept by person: a remittance the receipts and returns that it drew, a fee kept
 * or paid its invoice, a return the receipt it takes back, a mistake what it undoes. Lines are lettered only when
 * they sum to nothing and all are in that year, so that each code balances in the file that bears it: what is
 * settled in another year has no letter, as the export has no opening entries.
 */
export async function lettersOf(year: number): Promise<Map<string, Letter>> {
  const groups = new Groups()
  await addPayments(groups, year)
  await addRemittances(groups)
  await addInvoices(groups, year)
  return groups.letters(String(year))
}

class Groups {
  readonly #items = new Map<string, Item[]>()

  add(account: ChartAccount, code: string, items: readonly Item[]) {
    const key = `${account} ${code}`
    const present = this.#items.get(key)
    if (present) present.push(...items)
    else this.#items.set(key, [...items])
  }

  letters(year: string): Map<string, Letter> {
    const letters = new Map<string, Letter>()
    for (const [key, items] of this.#items) {
      const settled = items.length > 1 && sum(items.map(({ cents }) => cents)) === 0
      if (!settled || items.some(({ on }) => !on.startsWith(year))) continue
      const on = items.map((item) => item.on).reduce((one, other) => (other > one ? other : one))
      const code = key.slice(key.indexOf(' ') + 1)
      for (const { line } of items) letters.set(line, { code, on })
    }
    return letters
  }
}

const inYear = (year: number) => ({ first: `${year}-01-01`, last: `${year}-12-31` })

const TOUCHED = `select t.payment_id from postings t where t.payment_id is not null and t.effective_on between :first and :last`

type Posted = {
  id: number
  payment_id: number
  ref: string
  on_day: CivilDate
  account: string
  cents: number
}
type Drawn = { payment_id: number; remittance: string; collected_cents: number }

/** Receipts and returns: those that a remittance drew are its own; what is left settles itself, or waits. */
async function addPayments(groups: Groups, year: number) {
  const posted = await rowsOf<Posted>(
    db.connection(),
    `select p.id, p.payment_id, m.ref, p.effective_on as on_day, x.account,
       case when p.debit_account = x.account then p.amount_cents else -p.amount_cents end as cents
     from (select 'creditor_payable' as account union all select 'suspense') x
     join postings p on p.debit_account = x.account or p.credit_account = x.account
     join payments m on m.id = p.payment_id
     where p.payment_id in (${TOUCHED}) order by p.payment_id, p.id`,
    inYear(year)
  )
  const drawn = Map.groupBy(
    await rowsOf<Drawn>(
      db.connection(),
      `select l.payment_id, r.ref as remittance, l.collected_cents
       from remittance_lines l join remittances r on r.id = l.remittance_id
       where l.released_at is null and l.payment_id in (${TOUCHED}) order by l.payment_id, l.position`,
      inYear(year)
    ),
    (line) => Number(line.payment_id)
  )
  for (const [paymentId, rows] of Map.groupBy(posted, (row) => Number(row.payment_id))) {
    const { ref } = rows[0]!
    const itemsOn = (account: string, chart: ChartAccount) =>
      rows.filter((row) => row.account === account).map((row) => itemOf(row, chart))
    let left = itemsOn('creditor_payable', 'creditors')
    for (const { remittance, collected_cents: cents } of drawn.get(paymentId) ?? []) {
      const taken = prefixOf(left, -Number(cents))
      groups.add('creditors', remittance, left.slice(0, taken))
      left = left.slice(taken)
    }
    groups.add('creditors', ref, left)
    groups.add('suspense', ref, itemsOn('suspense', 'suspense'))
  }
}

const itemOf = (row: { id: number; on_day: CivilDate; cents: number }, account: ChartAccount): Item => ({
  line: lineOfPosting(Number(row.id), account),
  on: row.on_day,
  cents: Number(row.cents),
})

/** How many lines, from the first, a remittance drew: it took all that was posted by then and not drawn before. */
function prefixOf(items: readonly Item[], cents: Cents): number {
  let reached = 0
  for (const [index, item] of items.entries()) {
    reached += item.cents
    if (reached === cents) return index + 1
  }
  return items.length
}

type Left = {
  id: number
  ref: string
  invoice: string | null
  on_day: CivilDate
  debit_account: string
  amount_cents: number
  account: string
  undoes: number | null
  undone_by: number | null
}

/** What left for a creditor and the fee kept from it; a transfer that came back settles itself. */
async function addRemittances(groups: Groups) {
  const rows = await rowsOf<Left>(
    db.connection(),
    `select p.id, r.ref, f.number as invoice, p.effective_on as on_day, p.debit_account, p.amount_cents, x.account,
       o.id as undoes, z.id as undone_by
     from (select 'creditor_payable' as account union all select 'agency_fee') x
     join postings p on p.debit_account = x.account or p.credit_account = x.account
     left join postings o on o.id = p.reverses_id
     left join postings z on z.reverses_id = p.id
     join remittances r on r.id = ${idInKey('coalesce(o.key, p.key)', "coalesce(o.kind, p.kind) in ('remittance', 'fee')")}
     left join fee_invoices f on f.remittance_id = r.id
     where p.payment_id is null and (p.kind in ('remittance', 'fee', 'reversal')) order by p.id`
  )
  for (const row of rows) {
    const account = row.account === 'agency_fee' ? 'clients' : 'creditors'
    const cents = row.debit_account === row.account ? Number(row.amount_cents) : -Number(row.amount_cents)
    const item = itemOf({ ...row, cents }, account)
    const pair = row.undoes ?? (row.undone_by === null ? null : row.id)
    const standing = account === 'clients' ? row.invoice! : row.ref
    groups.add(account, pair === null ? standing : `${standing}-${pair}`, [item])
  }
}

type Invoiced = { id: number; number: string; on_day: CivilDate; cents: number }
type Paid = Invoiced & { settlement: number; cancelled: string | null }

/** Fee invoices and credit notes, and what their creditors paid on the agency's own account. */
async function addInvoices(groups: Groups, year: number) {
  const invoices = await rowsOf<Invoiced>(
    db.connection(),
    `select f.id, f.number, f.issued_on as on_day, f.fee_cents + f.vat_cents as cents from fee_invoices f
     where f.issued_on between :first and :last order by f.id`,
    inYear(year)
  )
  for (const { id, number, on_day: on, cents } of invoices) {
    groups.add('clients', number, [{ line: lineOfInvoice(Number(id)), on, cents: Number(cents) }])
  }
  const paid = await rowsOf<Paid>(
    db.connection(),
    `select p.id, f.number, s.id as settlement, s.cancelled_at as cancelled, p.effective_on as on_day,
       case when p.debit_account = 'fee_receivable' then p.amount_cents else -p.amount_cents end as cents
     from postings p join fee_settlements s on s.id = ${idInKey('p.key', "p.kind = 'settlement'")}
     join fee_invoices f on f.id = s.fee_invoice_id where p.kind = 'settlement' order by p.id`
  )
  for (const row of paid) {
    const code = row.cancelled ? `${row.number}-${row.settlement}` : row.number
    groups.add('clients', code, [itemOf(row, 'clients')])
  }
}
