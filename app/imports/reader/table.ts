import { plainWords, type CellValue } from '#shared/cells'
import { checkRow, type Columns } from '#imports/checking/check_row'
import { isPassedOver } from '#imports/checking/passed_over'
import { FIELDS, missingFields, type Mapping } from '#imports/fields'
import type { Format } from '#imports/reader/formats'
import { Unreadable } from '#imports/reader/limits'
import { MergedCells } from '#imports/reader/merged_cells'
import { pack, type ColumnChoice, type Order, type TableHead } from '#imports/reader/protocol'
import type { Row, SheetSource } from '#imports/reader/rows'
import { findHeader, HEADER_SEARCH_ROWS, recogniseColumns } from '#imports/recognition/header'

/** A sheet that begins with more blank lines than this holds no table. */
const MAX_OPENING_ROWS = 5_000

/** A workbook of more sheets is no creditor's table. */
const MAX_SHEETS = 50

/** A table of debts: its columns, and its rows packed for the parent, checked as they are read. */
export type Table = { head: TableHead; rows: AsyncGenerator<unknown[][]> }

type Candidate = {
  sheet: SheetSource
  opening: Row[]
  head: Omit<TableHead, 'format' | 'unread'>
  /** How much of a debt its columns do not tell; of columns nobody knows, all. */
  lacking: number
}

/**
 * Finds the table of a spreadsheet: the first visible sheet whose columns tell all of a debt,
 * else the one that has most of them, else the first that holds several columns, for a person
 * to say what they are. The other sheets that tell debts are named: only one is read.
 *
 * @throws {Unreadable} when no sheet holds a table
 */
export async function openTable(
  format: Format,
  sheets: AsyncGenerator<SheetSource>,
  order: Order
): Promise<Table> {
  let best: Candidate | null = null
  let filled = false
  let count = 0
  const unread: string[] = []
  for await (const sheet of sheets) {
    const opening = await openingRows(sheet)
    filled ||= opening.some(isFilled)
    const candidate = candidateOf(sheet, opening, order.columns)
    if (candidate && order.columns.by === 'hand') return table(format, candidate, unread, order)
    const better = candidate && (!best || candidate.lacking < best.lacking)
    if (candidate?.lacking === 0 && !better) unread.push(sheet.name)
    await (better ? best?.sheet : sheet)?.batches.return(undefined)
    if (better) best = candidate
    if (++count === MAX_SHEETS) break
  }
  if (best) return table(format, best, unread, order)
  throw new Unreadable(filled ? 'no_table' : 'empty')
}

function candidateOf(sheet: SheetSource, opening: Row[], choice: ColumnChoice): Candidate | null {
  const known = headOf(sheet, opening, choice)
  if (known) return { sheet, opening, head: known, lacking: missingFields(known.mapping).length }
  const head = choice.by === 'hand' ? null : firstRowHead(sheet, opening)
  return head && { sheet, opening, head, lacking: Infinity }
}

async function openingRows(sheet: SheetSource): Promise<Row[]> {
  const rows: Row[] = []
  let filled = 0
  while (filled < HEADER_SEARCH_ROWS && rows.length < MAX_OPENING_ROWS) {
    const batch = await sheet.batches.next()
    if (batch.done) break
    filled += batch.value.filter(isFilled).length
    rows.push(...batch.value)
  }
  return rows
}

function headOf(sheet: SheetSource, opening: Row[], choice: ColumnChoice): Candidate['head'] | null {
  const common = { sheet: sheet.name, date1904: sheet.date1904 }
  if (choice.by === 'hand') {
    const header = opening.find(({ number }) => number === choice.headerRow)
    if (sheet.name !== choice.sheet || !header) return null
    return {
      ...common,
      headerRow: choice.headerRow,
      headers: headersOf(opening, choice),
      mapping: choice.mapping,
    }
  }
  const found = findHeader(
    opening.map(({ cells }) => cells),
    choice.by === 'saved' ? choice.fields : {}
  )
  if (!found) return null
  return {
    ...common,
    headerRow: opening[found.position]!.number,
    headers: found.headers,
    mapping:
      choice.by === 'saved' ? savedMapping(found.headers, choice.fields, found.mapping) : found.mapping,
  }
}

/** Headers nobody knows: the first row with several cells. */
function firstRowHead(sheet: SheetSource, opening: Row[]): Candidate['head'] | null {
  const first = opening.find(({ cells }) => cells.filter((cell) => cell !== null).length >= 2)
  if (!first) return null
  const headers = first.cells.map((cell) => (cell === null ? '' : String(cell)))
  const mapping = recogniseColumns(headers)
  return { sheet: sheet.name, date1904: sheet.date1904, headerRow: first.number, headers, mapping }
}

/** The same reading of the header as when the person saw it. */
function headersOf(opening: Row[], { headerRow }: { headerRow: number }): string[] {
  const found = findHeader(opening.map(({ cells }) => cells))
  if (found && opening[found.position]!.number === headerRow) return found.headers
  const header = opening.find(({ number }) => number === headerRow)!
  return header.cells.map((cell) => (cell === null ? '' : String(cell)))
}

/** Columns as the creditor's saved mapping names them; what it does not name is recognised. */
function savedMapping(headers: string[], fields: Record<string, string>, recognised: Mapping): Mapping {
  const folded = headers.map(plainWords)
  const mapping: Mapping = {}
  for (const field of FIELDS) {
    const index = Object.hasOwn(fields, field) ? folded.indexOf(fields[field]!) : -1
    if (index >= 0) mapping[field] = index
  }
  const taken = new Set(Object.values(mapping))
  for (const field of FIELDS) {
    const index = recognised[field]
    if (mapping[field] === undefined && index !== undefined && !taken.has(index)) mapping[field] = index
  }
  return mapping
}

function table(format: Format, candidate: Candidate, unread: string[], order: Order): Table {
  const head = { format, ...candidate.head, unread }
  return { head, rows: order.raw ? rawRows(candidate, order) : checkedRows(candidate, head, order) }
}

async function* checkedRows(
  { sheet, opening, lacking }: Candidate,
  head: TableHead,
  { rules, limits, firstRows = Infinity }: Order
): AsyncGenerator<unknown[][]> {
  // The preview does not wait for the end of the sheet, where merged cells are listed.
  const spans = firstRows === Infinity ? ((await sheet.spans?.()) ?? []) : []
  const merged = new MergedCells(spans, head.mapping)
  let count = 0
  for await (const batch of withOpening(opening, sheet.batches)) {
    const staged: unknown[][] = []
    for (const row of batch) {
      const { number, cells } = row
      if (number <= head.headerRow) continue
      merged.fill(row)
      if (!isFilled(row) || (lacking === 0 && isPassedOver(cells, head))) continue
      if (++count > limits.rows) throw new Unreadable('too_many_rows')
      if (count > firstRows) break
      if (cells.length > limits.columns) row.cells = cells.slice(0, limits.columns)
      staged.push(stage(row, head, rules))
    }
    if (staged.length > 0) yield staged
    if (count > firstRows) return
  }
}

const stage = (row: Row, columns: Columns, rules: Order['rules']) =>
  pack({ row: row.number, cells: row.cells, ...checkRow(row.cells, columns, rules, row) })

async function* rawRows({ sheet, opening }: Candidate, { limits }: Order): AsyncGenerator<unknown[][]> {
  let count = 0
  for await (const batch of withOpening(opening, sheet.batches)) {
    count += batch.length
    if (count > limits.rows + HEADER_SEARCH_ROWS) throw new Unreadable('too_many_rows')
    yield batch.map(({ number, cells }) => [number, cells])
  }
}

async function* withOpening(opening: Row[], batches: AsyncGenerator<Row[]>): AsyncGenerator<Row[]> {
  yield opening
  yield* batches
}

const isFilled = ({ cells }: { cells: CellValue[] }) =>
  cells.some((cell) => cell !== null && (typeof cell !== 'string' || cell.trim() !== ''))
