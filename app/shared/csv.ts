import Papa from 'papaparse'

const BYTE_ORDER_MARK = '\ufeff'

/**
 * A table as the CSV French spreadsheets open at once: UTF-8 with its mark, semicolons,
 * CRLF. A cell that would start a formula (`=`, `+`, `-`, `@`, tab, CR) is quoted away.
 */
export function toCsv(rows: readonly (string | number | null)[][], { header = true } = {}): string {
  const text = Papa.unparse(rows as (string | number | null)[][], {
    delimiter: ';',
    newline: '\r\n',
    escapeFormulae: true,
  })
  return (header ? BYTE_ORDER_MARK : '') + text + '\r\n'
}
