import db from '@adonisjs/lucid/services/db'
import type { Cents } from '#shared/money'
import { rowsOf } from '#shared/sql'

/** What was exported of a year so far; debits and credits are the same sum. */
export type ExportTotals = { year: number; entries: number; cents: Cents }

/** The years that have entries with a number, the latest first. */
export async function exportTotals(): Promise<ExportTotals[]> {
  const rows = await rowsOf<Record<keyof ExportTotals, number>>(
    db.connection(),
    `select e.year, count(*) as entries, sum(coalesce(p.amount_cents, abs(f.fee_cents + f.vat_cents))) as cents
     from accounting_entries e left join postings p on p.id = e.posting_id
     left join fee_invoices f on f.id = e.fee_invoice_id group by e.year order by e.year desc`
  )
  return rows.map(({ year, entries, cents }) => ({
    year: Number(year),
    entries: Number(entries),
    cents: Number(cents),
  }))
}
