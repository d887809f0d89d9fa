import { setImmediate as breathe } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { transaction } from '#shared/transaction'
import type { StagedRow } from '#imports/reader/protocol'
import { KnownInvoices, relateRows, type Relatable, type Relation } from '#imports/relate_rows'

const PAGE = 5_000
const ROWS_PER_STATEMENT = 200

/** A row without errors and what is stored about its place among the others. */
export type PlacedRow = Relatable & Relation

/**
 * Applies the rules between rows (relate_rows.ts) and stores what they change. Without `rows`
 * they are read from the import: after a correction any row may change place.
 */
export async function relateStagedRows(
  source: { id: number; creditorId: number },
  rows?: readonly PlacedRow[]
): Promise<Map<number, Relation>> {
  const placed = rows ?? (await placedRows(source.id))
  const relations = relateRows(placed, await claimedInvoices(source.creditorId))
  const moved = placed.filter((row) => {
    const now = relations.get(row.row)!
    return now.outcome !== row.outcome || now.fileRow !== row.fileRow || now.duplicateOf !== row.duplicateOf
  })
  for (let from = 0; from < moved.length; from += ROWS_PER_STATEMENT) {
    const batch = moved.slice(from, from + ROWS_PER_STATEMENT)
    await transaction((trx) => storeRelations(trx, source.id, batch, relations))
  }
  return relations
}

/** The invoices of the creditor's claims; those of undone imports aside. */
export async function claimedInvoices(creditorId: number): Promise<KnownInvoices> {
  const claimed = new KnownInvoices()
  for (let after = 0; ;) {
    const page = await db
      .from('invoices as i')
      .join('claims as c', 'c.id', 'i.claim_id')
      .join('debtors as d', 'd.id', 'c.debtor_id')
      .where('c.creditor_id', creditorId)
      .where('i.id', '>', after)
      .whereNotExists((closure) =>
        closure.from('closures as x').whereColumn('x.claim_id', 'c.id').where('x.reason', 'import_undone')
      )
      .select('i.id', 'i.number', 'i.amount_cents', 'c.ref', 'd.siren', 'd.company_name', 'd.full_name')
      .orderBy('i.id')
      .limit(PAGE)
    for (const found of page) claimed.add(invoicedIn(found, found.number), `claim:${found.ref}`)
    if (page.length < PAGE) return claimed
    after = Number(page.at(-1)!.id)
    await breathe()
  }
}

type Found = {
  siren: string | null
  company_name: string | null
  full_name: string | null
  amount_cents: number
}

const invoicedIn = (found: Found, number: string) => ({
  number,
  debtor: found.company_name ?? found.full_name!,
  siren: found.siren,
  amountCents: Number(found.amount_cents),
})

/** A row just read, opening its own file until it is related; only for a row without errors. */
export const placedRow = (row: StagedRow, decision: PlacedRow['decision'] = null): PlacedRow => ({
  row: row.row,
  mergeKey: row.mergeKey!,
  nameKey: row.nameKey,
  invoice: {
    number: row.invoiceNumber!,
    debtor: row.companyName ?? row.fullName!,
    siren: row.siren,
    amountCents: row.amountCents!,
  },
  decision,
  outcome: 'ready',
  fileRow: row.row,
  duplicateOf: null,
})

async function placedRows(importId: number): Promise<PlacedRow[]> {
  const rows: PlacedRow[] = []
  for (let after = 0; ;) {
    const page = await db
      .from('import_rows')
      .where('import_id', importId)
      .where('row', '>', after)
      .whereNot('outcome', 'rejected')
      .orderBy('row')
      .limit(PAGE)
      .select(
        'row',
        'siren',
        'company_name',
        'full_name',
        'amount_cents',
        'merge_key',
        'name_key',
        'invoice_number',
        'decision',
        'outcome',
        'file_row',
        'duplicate_of'
      )
    for (const found of page) {
      rows.push({
        row: found.row,
        mergeKey: found.merge_key,
        nameKey: found.name_key,
        invoice: invoicedIn(found, found.invoice_number),
        decision: found.decision,
        outcome: found.outcome,
        fileRow: found.file_row,
        duplicateOf: found.duplicate_of,
      })
    }
    if (page.length < PAGE) return rows
    after = page.at(-1)!.row
    await breathe()
  }
}

async function storeRelations(
  trx: TransactionClientContract,
  importId: number,
  rows: readonly PlacedRow[],
  relations: ReadonlyMap<number, Relation>
) {
  const values = rows.flatMap(({ row }) => {
    const { outcome, fileRow, duplicateOf } = relations.get(row)!
    return [row, outcome, fileRow, duplicateOf]
  })
  await trx.rawQuery(
    `with moved (row_number, outcome, file_row, duplicate_of) as (values ${rows.map(() => '(?, ?, ?, ?)').join(', ')})
     update import_rows set outcome = moved.outcome, file_row = cast(moved.file_row as integer),
       duplicate_of = moved.duplicate_of
     from moved
     where import_rows.import_id = ? and import_rows.row = cast(moved.row_number as integer)`,
    [...values, importId] as never[]
  )
}
