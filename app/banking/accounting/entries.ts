import db from '@adonisjs/lucid/services/db'
import { civilDateAt } from '#shared/clock'
import { rowsOf } from '#shared/sql'
import type { Account } from '#claims/posting'
import { idInKey } from '#claims/remittance_postings'
import { CHART_OF, type ChartAccount, type Journal } from '#banking/accounting/accounts'
import { BY_PERSON, type Entry } from '#banking/accounting/fec'
import { lettersOf, lineOfInvoice, lineOfPosting, type Letter } from '#banking/accounting/lettering'

const PAGE = 1000

type Row = {
  id: number
  posting_id: number | null
  fee_invoice_id: number | null
  journal: Journal
  number: number
  entry_on: string
  created_at: string
  ref: string
  name: string
  kind: string | null
  debit_account: Account | null
  credit_account: Account | null
  amount_cents: number | null
  payment: string | null
  receipt: string | null
  remittance: string | null
  /** The fee invoice that a posting settles, and the reference of its transfer. */
  settled: string | null
  settlement_reference: string | null
  invoice: string | null
  fee_cents: number | null
  vat_cents: number | null
}

/** Every numbered entry of a year, in the order in which they were validated, by slices. */
export async function* entriesOf(year: number): AsyncGenerator<Entry[]> {
  const letters = await lettersOf(year)
  for (let after = 0; ;) {
    const rows = await rowsOf<Row>(
      db.connection(),
      `select e.id, e.posting_id, e.fee_invoice_id, e.journal, e.number, coalesce(p.effective_on, f.issued_on) as entry_on,
         coalesce(p.created_at, f.created_at) as created_at, k.ref, k.name, p.kind, p.debit_account,
         p.credit_account, p.amount_cents, m.ref as payment, q.number as receipt,
         coalesce(r.ref, fr.ref) as remittance,
         sf.number as settled, s.reference as settlement_reference, f.number as invoice, f.fee_cents, f.vat_cents
       from accounting_entries e
       left join postings p on p.id = e.posting_id
       left join fee_invoices f on f.id = e.fee_invoice_id
       join creditors k on k.id = coalesce(p.creditor_id, f.creditor_id)
       left join payments m on m.id = p.payment_id
       left join receipts q on q.payment_id = m.id and q.replaces_id is null
       left join postings o on o.id = p.reverses_id and p.payment_id is null
       left join remittances r
         on r.id = ${idInKey('coalesce(o.key, p.key)', "coalesce(o.kind, p.kind) in ('remittance', 'fee')")}
       left join fee_settlements s on s.id = ${idInKey('p.key', "p.kind = 'settlement'")}
       left join fee_invoices sf on sf.id = s.fee_invoice_id
       left join remittances fr on fr.id = f.remittance_id
       where e.year = :year and e.id > :after order by e.id limit :page`,
      { year, after, page: PAGE }
    )
    if (rows.length > 0) yield rows.map((row) => lettered(entryOf(row), row, letters))
    if (rows.length < PAGE) return
    after = Number(rows.at(-1)!.id)
  }
}

function lettered(entry: Entry, row: Row, letters: ReadonlyMap<string, Letter>): Entry {
  const keyOf = (account: ChartAccount) =>
    row.posting_id === null
      ? lineOfInvoice(Number(row.fee_invoice_id))
      : lineOfPosting(Number(row.posting_id), account)
  return {
    ...entry,
    lines: entry.lines.map((line) =>
      BY_PERSON.has(line.account) ? { ...line, letter: letters.get(keyOf(line.account)) } : line
    ),
  }
}

function entryOf(row: Row): Entry {
  const common = {
    journal: row.journal,
    number: Number(row.number),
    on: row.entry_on,
    pieceOn: row.entry_on,
    creditor: { ref: row.ref, name: row.name },
    validOn: civilDateAt(row.created_at),
  }
  return row.invoice === null ? { ...common, ...posted(row) } : { ...common, ...invoiced(row) }
}

/** Fee and VAT owed by the creditor; a credit note is the same with the signs turned. */
function invoiced(row: Row): Pick<Entry, 'piece' | 'label' | 'lines'> {
  const [fee, vat] = [Number(row.fee_cents), Number(row.vat_cents)]
  return {
    piece: row.invoice!,
    label: `${fee + vat < 0 ? 'Avoir' : 'Facture'} ${row.invoice} ${row.name}`,
    lines: [
      { account: 'clients', cents: fee + vat },
      { account: 'fees', cents: -fee },
      { account: 'vat', cents: -vat },
    ],
  }
}

const LABELS: Record<string, (row: Row) => string> = {
  receipt: (row) => `Encaissement ${row.payment} pour ${row.name}`,
  reversal: (row) =>
    row.payment === null
      ? `Retour du reversement ${row.remittance} à ${row.name}`
      : `Retour du paiement ${row.payment} pour ${row.name}`,
  remittance: (row) => `Reversement ${row.remittance} à ${row.name}`,
  fee: (row) => `Honoraires retenus sur ${row.remittance}`,
  settlement: (row) =>
    [`Règlement de ${row.settled} par ${row.name}`, row.settlement_reference].filter(Boolean).join(', '),
  withdrawal: (row) => `Virement des honoraires retenus, ${row.name}`,
}

function posted(row: Row): Pick<Entry, 'piece' | 'label' | 'lines'> {
  const cents = Number(row.amount_cents)
  return {
    piece: row.receipt ?? row.settled ?? row.remittance ?? `VIR-${row.ref}-${row.entry_on}`,
    label: LABELS[row.kind!]!(row),
    lines: [
      { account: chartOf(row, row.debit_account!), cents },
      { account: chartOf(row, row.credit_account!), cents: -cents },
    ],
  }
}

/** A fee kept settles what its invoice made the creditor owe; leaving the dedicated account, it reaches the agency's own. */
const chartOf = ({ kind }: Row, account: Account): ChartAccount =>
  CHART_OF[account] ?? (kind === 'withdrawal' ? 'agencyBank' : 'clients')
