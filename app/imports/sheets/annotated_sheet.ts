import { writeXlsxStream } from 'hucre/xlsx'
import type { CellValue } from '#shared/cells'
import type { CheckRules } from '#imports/checking/check_row'
import type { Mapping } from '#imports/fields'
import { rawRows } from '#imports/reader/read_spreadsheet'

const HEADER = 'Erreurs'

/** The table to give back: where it is in its file, what is said of its rows, and rows typed again. */
export type Annotations = {
  path: string
  sheet: string
  headerRow: number
  headers: readonly string[]
  mapping: Mapping
  rules: CheckRules
  /** Sentences by row of the sheet. */
  said: ReadonlyMap<number, string>
  corrected?: ReadonlyMap<number, readonly CellValue[]>
}

/**
 * The same sheet as .xlsx, row for row, with a last column that says what is wrong or noted. A
 * text is always written as text: what begins with `=`, `+`, `-` or `@` stays what was typed
 * and computes nothing.
 */
export function annotatedSheet(annotations: Annotations): ReadableStream<Uint8Array> {
  const { headers, mapping } = annotations
  const last = headers.at(-1) === HEADER ? headers.length - 1 : headers.length
  const days = new Set([mapping.issued_on, mapping.due_on])
  const columns = Array.from({ length: last + 1 }, (_, index) => ({
    width: index === last ? 60 : 20,
    ...(days.has(index) && { numFmt: 'dd/mm/yyyy' }),
  }))
  return writeXlsxStream(lines(annotations, last, days), {
    name: sheetName(annotations.sheet),
    columns,
    freezePane: { rows: annotations.headerRow },
  })
}

async function* lines(
  { path, sheet, headerRow, mapping, rules, said, corrected }: Annotations,
  last: number,
  days: ReadonlySet<number | undefined>
): AsyncGenerator<(string | number | boolean | Date | null)[]> {
  let next = 1
  const columns = { by: 'hand', sheet, headerRow, mapping } as const
  for await (const batch of rawRows(path, { columns, rules })) {
    for (const { number, cells } of batch) {
      // Blank rows are not sent: row numbers must stay the sheet's.
      for (; next < number; next++) yield []
      next++
      const line = Array.from({ length: last }, (_, index) =>
        written((corrected?.get(number) ?? cells)[index] ?? null, days.has(index) && number > headerRow)
      )
      const note = number === headerRow ? HEADER : (said.get(number) ?? null)
      yield [...line, note]
    }
  }
}

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

function written(cell: CellValue, day: boolean) {
  if (typeof cell !== 'string') return cell
  if (day && ISO_DAY.test(cell)) return new Date(`${cell}T00:00:00Z`)
  return cell.replace(NOT_XML, '')
}

/** Excel's own limits on the name of a sheet. */
const sheetName = (name: string) =>
  name
    .replace(/[\\/?*[\]:]/g, ' ')
    .slice(0, 31)
    .trim() || 'Créances'
