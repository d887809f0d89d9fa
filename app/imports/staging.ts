import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { insertRows, type ColumnValue } from '#shared/insert_rows'
import type { StagedRow } from '#imports/reader/protocol'

/** What is stored of a staged row: the columns in their order, with their values. */
const COLUMNS: readonly [column: string, value: (row: StagedRow) => ColumnValue][] = [
  ['row', (row) => row.row],
  ['cells', (row) => JSON.stringify(row.cells)],
  ['outcome', (row) => row.outcome],
  ['problems', (row) => (row.problems.length === 0 ? '[]' : JSON.stringify(row.problems))],
  ['changes', (row) => (row.changes.length === 0 ? '[]' : JSON.stringify(row.changes))],
  ['file_row', (row) => (row.outcome === 'ready' ? row.row : null)],
  ['kind', (row) => row.kind],
  ['civility', (row) => row.civility],
  ['full_name', (row) => row.fullName],
  ['company_name', (row) => row.companyName],
  ['siren', (row) => row.siren],
  ['person_key', (row) => row.personKey],
  ['merge_key', (row) => row.mergeKey],
  ['name_key', (row) => row.nameKey],
  ['street', (row) => row.street],
  ['complement', (row) => row.complement],
  ['postcode', (row) => row.postcode],
  ['city', (row) => row.city],
  ['email', (row) => row.email],
  ['mobile', (row) => row.mobile],
  ['invoice_number', (row) => row.invoiceNumber],
  ['invoice_count', (row) => row.invoiceCount],
  ['issued_on', (row) => row.issuedOn],
  ['due_on', (row) => row.dueOn],
  ['description', (row) => row.description],
  ['amount_cents', (row) => row.amountCents],
  ['down_payment_cents', (row) => row.downPaymentCents],
]

const NAMES = ['import_id', ...COLUMNS.map(([column]) => column)]

/**
 * Stores staged rows as they are, each opening its own file; `relateStagedRows` then merges.
 * Without models: a table may have a hundred thousand rows.
 */
export const insertStagedRows = (
  trx: TransactionClientContract,
  importId: number,
  rows: readonly StagedRow[]
) =>
  insertRows(
    trx,
    'import_rows',
    NAMES,
    rows.map((row) => [importId, ...COLUMNS.map(([, value]) => value(row))])
  )

/** Stores a row that was checked again, back to where it opens its own file. */
export async function updateStagedRow(trx: TransactionClientContract, importId: number, row: StagedRow) {
  const values = Object.fromEntries(COLUMNS.map(([column, value]) => [column, value(row)]))
  await trx
    .from('import_rows')
    .where({ import_id: importId, row: row.row })
    .update({ ...values, duplicate_of: null })
}
