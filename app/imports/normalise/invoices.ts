import { textOf, type CellValue } from '#shared/cells'

/** One invoice number cannot be longer; a whole sentence in the cell is not one. */
const MAX_LENGTH = 60

/** `Facture n° 12` is invoice 12; `FACTURE-12` is its own name. */
const LABEL = /^(?:(?:facture|fact\.?)\s+(?:n[°º]\s*)?|n[°º]\s*)(?=\S)/i

/**
 * The numbers of a cell, `FA-1, FA-2; FA-3 / FA-4`, in order and without repeats. A bar without
 * spaces may belong to a number (`2026/001`) and separates nothing.
 */
export function readInvoiceNumbers(cell: CellValue): string[] {
  const text = typeof cell === 'string' ? cell : textOf(cell)
  const numbers = text
    .split(/[,;\n\r]|\s(?:et|and|[&/+|])\s/)
    .map((part) => textOf(part).replace(LABEL, ''))
    .filter((part) => /[\p{L}\p{N}]/u.test(part))
  return [...new Set(numbers)].map((number) => number.slice(0, MAX_LENGTH))
}

const ALREADY_KEY = /^[A-Z0-9]+(?:-[A-Z0-9]+)*$/

/** What makes two invoice numbers the same: `FA-2026/001` and `fa 2026 001`. */
export const invoiceKey = (number: string) =>
  ALREADY_KEY.test(number) ? number : number.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '-')
