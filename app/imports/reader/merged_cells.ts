import type { CellValue } from '#shared/cells'
import { DEBTOR_FIELDS, type Field, type Mapping } from '#imports/fields'
import type { Row, Span } from '#imports/reader/rows'

/**
 * What a cell merged over several rows says of each. Never what is invoiced: one amount over
 * three rows is not three times that amount.
 */
const SHARED: readonly Field[] = [
  'civility',
  ...DEBTOR_FIELDS,
  'country',
  'emitter',
  'emitter_address',
  'currency',
]

/** Gives the rows of a group the debtor that stands once beside them, in merged cells. */
export class MergedCells {
  private readonly values = new Map<number, { value: CellValue; to: number }>()
  private readonly columns: ReadonlySet<number>
  private readonly spans: readonly Span[]
  private next = 0

  constructor(spans: readonly Span[], mapping: Mapping) {
    this.spans = spans
    this.columns = new Set(SHARED.flatMap((field) => mapping[field] ?? []))
  }

  /** Rows in the order of the sheet. */
  fill({ number, cells }: Row) {
    for (const [column, { value, to }] of this.values) {
      if (number > to) this.values.delete(column)
      else if ((cells[column] ?? null) === null) {
        while (cells.length <= column) cells.push(null)
        cells[column] = value
      }
    }
    for (; this.next < this.spans.length && this.spans[this.next]!.from <= number; this.next++) {
      const { column, from, to } = this.spans[this.next]!
      const value = from === number ? (cells[column] ?? null) : null
      if (value !== null && this.columns.has(column)) this.values.set(column, { value, to })
    }
  }
}
