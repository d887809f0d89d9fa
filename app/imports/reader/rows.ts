import type { CellValue } from '#imports/cells'

/** A row of a sheet; `number` counts from 1 as the spreadsheet shows it. */
export type Row = { number: number; cells: CellValue[] }

/** One sheet: its rows come in batches, in order, blank ones left out or empty. */
export type SheetSource = { name: string; date1904: boolean; batches: AsyncGenerator<Row[]> }
