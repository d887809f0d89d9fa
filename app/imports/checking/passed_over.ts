import { meaningOf, plainWords, type CellValue } from '#shared/cells'
import type { Columns } from '#imports/checking/check_row'
import { DEBTOR_FIELDS, type Field } from '#imports/fields'

/** What a person writes on the row of a debt: the rest is computed, or copied down a whole table. */
const WRITTEN: readonly Field[] = [...DEBTOR_FIELDS, 'invoice_number', 'issued_on', 'description']

const TOTAL =
  /^((sous|grand|net) )?(totaux|total|totals|somme|sum|subtotal|summe|gesamt(betrag|summe)?|totale|totaal)\b/
const COUNT = /^\d+ (lignes?|factures?|clients?|debiteurs?|dossiers?)$/

/**
 * True for a row that is no debt: a total, a formula copied below the last row, the header
 * printed again on a new page. It takes a row without anything else to say who owes what: a
 * debtor may be called Total.
 */
export function isPassedOver(cells: readonly CellValue[], { mapping, headers }: Columns): boolean {
  let isTotal = false
  let isHeader = true
  let isCounted = true
  for (const field of WRITTEN) {
    const index = mapping[field]
    // The zero of a formula that points at an empty cell is nothing written.
    const text = index === undefined || cells[index] === 0 ? '' : meaningOf(cells[index])
    if (!text) continue
    const words = plainWords(text)
    const total = TOTAL.test(words)
    isTotal ||= total
    isCounted &&= total || COUNT.test(words)
    isHeader &&= words === plainWords(headers[index!] ?? '')
    // Nearly every row is a debt, and says so in its first cell.
    if (!isCounted && !isHeader) return false
  }
  return isTotal ? isCounted : isHeader
}
