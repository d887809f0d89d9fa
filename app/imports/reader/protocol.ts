import type { CellValue } from '#shared/cells'
import type { CheckedRow, CheckRules } from '#imports/checking/check_row'
import type { Mapping } from '#imports/fields'
import type { Format } from '#imports/reader/formats'
import type { Limits, RefusalCode } from '#imports/reader/limits'

/** Which columns hold what: recognised, saved by header words, or chosen by a person on a known sheet. */
export type ColumnChoice =
  | { by: 'recognition' }
  | { by: 'saved'; fields: Record<string, string> }
  | { by: 'hand'; sheet: string; headerRow: number; mapping: Mapping }

/** What the reader is asked, as one JSON argument. */
export type Order = {
  columns: ColumnChoice
  rules: CheckRules
  limits: Limits
  /** Stop after this many rows of the table: the preview. */
  firstRows?: number
  /** Send the sheet's rows as they are, `[number, cells]`, instead of checking them. */
  raw?: boolean
}

/** The table that was found in the file. */
export type TableHead = {
  format: Format
  sheet: string
  /** The sheet's row that holds the headers, from 1. */
  headerRow: number
  headers: string[]
  mapping: Mapping
  date1904: boolean
  /** The other sheets that hold a whole table: only one is read. */
  unread: string[]
}

export type StagedRow = CheckedRow & { row: number; cells: CellValue[] }

/** One JSON line each, from the reader to its parent, in this order. */
export type Message =
  | ({ type: 'head' } & TableHead)
  /** Packed rows, or with `raw` pairs of a row's number and its cells. */
  | { type: 'rows'; rows: unknown[][] }
  | { type: 'end'; rows: number; peakMb: number }
  | { type: 'refused'; code: RefusalCode; detail: string; peakMb: number }

/** Rows travel as lists in this order: their names would be half of what is sent. */
const ORDER = [
  'row',
  'cells',
  'outcome',
  'problems',
  'changes',
  'kind',
  'civility',
  'fullName',
  'companyName',
  'siren',
  'personKey',
  'mergeKey',
  'nameKey',
  'street',
  'complement',
  'postcode',
  'city',
  'email',
  'mobile',
  'invoiceNumber',
  'invoiceCount',
  'issuedOn',
  'dueOn',
  'description',
  'amountCents',
  'downPaymentCents',
] as const satisfies readonly (keyof StagedRow)[]

export const pack = (row: StagedRow): unknown[] => ORDER.map((key) => row[key])

const NO_ROW = Object.fromEntries(ORDER.map((key) => [key, null]))

export function unpack(values: unknown[]): StagedRow {
  // All rows then have one shape, which is what makes reading them cheap.
  const row: Record<string, unknown> = { ...NO_ROW }
  for (let at = 0; at < ORDER.length; at++) row[ORDER[at]!] = values[at]
  return row as StagedRow
}
