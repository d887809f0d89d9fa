import { isUnknown, meaningOf, textOf, type CellValue } from '#shared/cells'
import { HEADER_WORDS, type Field } from '#imports/fields'
import type { Columns } from '#imports/checking/check_row'
import type { Change, ErrorCode, Problem, WarningCode } from '#imports/problems'

/** Longer than any label a creditor writes; the rest of a text is cut, and shown as cut. */
const MAX_TEXT = 500

/** One row seen through its columns, gathering what is wrong and what was changed. */
export class Sheet {
  readonly problems: Problem[] = []
  readonly changes: Change[] = []

  private readonly cells: readonly CellValue[]
  private readonly columns: Columns
  /** By column, since every check asks again. */
  private readonly texts: string[] = []
  private readonly meanings: string[] = []

  constructor(cells: readonly CellValue[], columns: Columns) {
    this.cells = cells
    this.columns = columns
  }

  get date1904() {
    return this.columns.date1904
  }

  has(field: Field): boolean {
    return this.columns.mapping[field] !== undefined
  }

  cell(field: Field): CellValue {
    const index = this.columns.mapping[field]
    return index === undefined ? null : (this.cells[index] ?? null)
  }

  /** What the cell says, '' for nothing (`-`, `néant`…). */
  text(field: Field): string {
    const index = this.columns.mapping[field]
    if (index === undefined) return ''
    return (this.meanings[index] ??= meaningOf(this.cells[index]).slice(0, MAX_TEXT))
  }

  /** All that the cell says. */
  whole(field: Field): string {
    const index = this.columns.mapping[field]
    if (index === undefined) return ''
    return (this.texts[index] ??= textOf(this.cells[index]))
  }

  /** True when the cell says that there is a value, and not which (`?`, `#REF!`). */
  isUnknown(field: Field): boolean {
    return isUnknown(this.whole(field))
  }

  /** The cell with its line breaks. */
  lines(field: Field): string {
    const cell = this.cell(field)
    const text = this.text(field)
    return text !== '' && typeof cell === 'string' ? cell : text
  }

  column(field: Field): string {
    return columnName(this.columns, field)
  }

  reject(field: Field, code: ErrorCode, hint?: string) {
    this.problems.push({ field, column: this.column(field), level: 'error', code, ...(hint && { hint }) })
  }

  warn(field: Field, code: WarningCode, hint?: string) {
    this.problems.push({ field, column: this.column(field), level: 'warning', code, ...(hint && { hint }) })
  }

  /** Notes what a cell became, when that is more than tidying its spaces. */
  became(field: Field, after: string | null, before = this.whole(field)): boolean {
    if (before === (after ?? '') || before === '') return false
    this.changes.push({
      field,
      column: this.column(field),
      before: before.slice(0, MAX_TEXT),
      after: after ?? '',
    })
    return true
  }
}

/** The header as in the sheet, without its remark: "SIREN du débiteur (si connu)" is "SIREN du débiteur". */
export function columnName({ mapping, headers }: Pick<Columns, 'mapping' | 'headers'>, field: Field): string {
  const index = mapping[field]
  const header = index === undefined ? '' : (headers[index] ?? '')
  return header.replace(/\s*\([^)]*\)\s*/g, ' ').trim() || header || HEADER_WORDS[field]
}
