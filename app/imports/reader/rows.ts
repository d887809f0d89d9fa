import type { CellValue } from '#shared/cells'

/** A row of a sheet; `number` counts from 1 as the spreadsheet shows it. */
export type Row = {
  number: number
  cells: CellValue[]
  /** Filtered out or folded away where the file was last saved: its author may not know that it is there. */
  hidden?: boolean
}

/** A cell merged over several rows, which only the first of them holds. Rows from 1, columns from 0. */
export type Span = { column: number; from: number; to: number }

/** One sheet: its rows come in batches, in order, blank ones left out or empty. */
export type SheetSource = {
  name: string
  date1904: boolean
  batches: AsyncGenerator<Row[]>
  /** Complete once asked for, or as far as the rows that were taken. */
  spans?(): Promise<readonly Span[]>
}
