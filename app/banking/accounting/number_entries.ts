import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { takeNumbers } from '#shared/numbering'
import { rowsOf } from '#shared/sql'
import { dialect, transaction } from '#shared/transaction'
import type { Journal } from '#banking/accounting/accounts'

type Unnumbered = { posting_id: number | null; fee_invoice_id: number | null; journal: Journal }

/** SQLite takes so many rows in one statement. */
const BATCH = 500

/** In which journal a posting `p` is told; those that only move a debtor's debt are the creditor's books, not ours. */
export const JOURNAL_OF = `case p.kind when 'receipt' then 'ENC' when 'remittance' then 'REV' when 'fee' then 'REV'
  when 'withdrawal' then 'VIR' when 'settlement' then 'BQ'
  when 'reversal' then case when p.payment_id is null then 'REV' else 'RET' end end`

export const TOLD = `(p.debit_account in ('client_funds', 'creditor_payable', 'suspense', 'agency_fee', 'agency_bank')
  or p.credit_account in ('client_funds', 'creditor_payable', 'suspense', 'agency_fee', 'agency_bank'))`

/**
 * Gives the next number of its journal to each entry of a year that has none, by day. A number once
 * given stays: exporting again tells the same, and what came since comes after.
 */
export function numberEntries(year: number): Promise<void> {
  return transaction(async (trx) => {
    if (dialect() === 'postgres')
      await trx.rawQuery('lock table accounting_entries in share row exclusive mode')
    const waiting = await unnumbered(trx, year)
    for (const [journal, entries] of Map.groupBy(waiting, (entry) => entry.journal)) {
      const first = await takeNumbers(trx, `accounting:${journal}`, year, entries.length)
      const rows = entries.map((entry, index) => ({
        journal,
        year,
        number: first + index,
        posting_id: entry.posting_id,
        fee_invoice_id: entry.fee_invoice_id,
        created_at: clock.now(),
      }))
      for (let start = 0; start < rows.length; start += BATCH) {
        await trx.table('accounting_entries').multiInsert(rows.slice(start, start + BATCH))
      }
    }
  })
}

const unnumbered = (trx: TransactionClientContract, year: number) =>
  rowsOf<Unnumbered>(
    trx,
    `select x.posting_id, x.fee_invoice_id, x.journal from (
       select p.id as posting_id, null as fee_invoice_id, ${JOURNAL_OF} as journal, p.effective_on as entry_on
       from postings p where ${TOLD} and p.effective_on between :first and :last
         and not exists (select 1 from accounting_entries e where e.posting_id = p.id)
       union all
       select null, f.id, 'VTE', f.issued_on from fee_invoices f where f.issued_on between :first and :last
         and not exists (select 1 from accounting_entries e where e.fee_invoice_id = f.id)
     ) x order by x.entry_on, x.posting_id, x.fee_invoice_id`,
    { first: `${year}-01-01`, last: `${year}-12-31` }
  )
