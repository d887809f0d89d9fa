import { plainWords, textOf, type CellValue } from '#shared/cells'
import type { Field, Mapping } from '#imports/fields'
import { WORDINGS } from '#imports/recognition/wording'

/** Titles, dates and logos may stand above the header; it is looked for in this many filled rows. */
export const HEADER_SEARCH_ROWS = 25
const MAX_HEADER_LENGTH = 200

export type Header = {
  /** 0-based position, among the rows given, of the row that names the columns. */
  position: number
  /** The headers as in the sheet, '' where a column has none. */
  headers: string[]
  mapping: Mapping
}

/**
 * Finds the row that names the columns and what each holds. A header over two rows (merged
 * cells, "Montant" above "TTC") is read as one when that names more columns.
 *
 * @param saved  a creditor's own words for its columns, folded, by field
 * @returns null when no row names at least two known columns
 */
export function findHeader(
  rows: readonly (readonly CellValue[])[],
  saved: Readonly<Record<string, string>> = {}
): Header | null {
  const savedHeaders = new Set(Object.values(saved))
  let best: (Header & { score: number }) | null = null
  let searched = 0
  for (const [position, row] of rows.entries()) {
    const own = row.map(headerText)
    if (own.some(Boolean) && ++searched > HEADER_SEARCH_ROWS) break
    if (own.filter(Boolean).length < 2) continue
    for (const headers of [own, stacked(rows[position - 1], own)]) {
      if (!headers) continue
      const mapping = recogniseColumns(headers)
      const known =
        Object.keys(mapping).length + headers.filter((header) => savedHeaders.has(plainWords(header))).length
      const data = row.filter(isData).length
      const score = known - data
      if (known >= 2 && known >= 2 * data && score > (best?.score ?? 0)) {
        best = { position, headers, mapping, score }
      }
    }
  }
  return best && { position: best.position, headers: best.headers, mapping: best.mapping }
}

/** Which column holds which field, each column and each field at most once. */
export function recogniseColumns(headers: readonly string[]): Mapping {
  const candidates = headers
    .map((header, index) => ({ index, ...fieldOf(header) }))
    .filter((found): found is { index: number; field: Field; weight: number } => found.field !== null)
    .toSorted((a, b) => b.weight - a.weight || a.index - b.index)

  const mapping: Mapping = {}
  for (const { index, field } of candidates) mapping[field] ??= index
  return completed(mapping, headers)
}

/** What a header says its column holds; null when nobody knows. */
function fieldOf(header: string): { field: Field | null; weight: number } {
  // "Nom de société (laisser vide si particulier)": the remark is not the name.
  const said = header.replace(/\//g, ' ou ').replaceAll('ß', 'ss')
  const plain = plainWords(said.replace(/\([^)]*\)?/g, ' ')) || plainWords(said)
  // "T.T.C." folds to "t t c".
  const words = plain.replace(/\b([a-z]) (?=[a-z]\b)/g, '$1')
  if (!words) return { field: null, weight: 0 }
  return WORDINGS.find(({ pattern }) => pattern.test(words)) ?? { field: null, weight: 0 }
}

/** Readings that depend on the other columns. */
function completed(mapping: Mapping, headers: readonly string[]): Mapping {
  const { full_name: full, last_name: last, first_name: first, amount, due_amount: due } = mapping
  // A lone "Nom" is the whole name; beside "Prénom" it is the family name.
  if (full === undefined && last !== undefined && first === undefined) {
    mapping.full_name = last
    delete mapping.last_name
  } else if (
    full !== undefined &&
    first !== undefined &&
    last === undefined &&
    /^(nom|name)/.test(plainWords(headers[full]!))
  ) {
    mapping.last_name = full
    delete mapping.full_name
  } else if (full !== undefined && last !== undefined && first === undefined) {
    // "Nombre" beside "Apellidos".
    if (/^(nombre|nome)$/.test(plainWords(headers[full]!))) {
      mapping.first_name = full
      delete mapping.full_name
    }
  }
  // A table that only says what is left to pay gives the amount of the claim.
  if (amount === undefined && due !== undefined && mapping.down_payment === undefined) {
    mapping.amount = due
    delete mapping.due_amount
  }
  return mapping
}

/** "12 rue de la Paix" and "Société X" are also words of headers; amounts, days and emails are not. */
const isData = (cell: CellValue) =>
  typeof cell === 'string' ? /@|^[\d\s.,+€/:()-]*\d[\d\s.,+€/:()-]*$/.test(cell) : cell !== null

const headerText = (cell: CellValue) =>
  typeof cell === 'string' ? textOf(cell).slice(0, MAX_HEADER_LENGTH) : ''

function stacked(above: readonly CellValue[] | undefined, own: readonly string[]): string[] | null {
  if (!above) return null
  const upper = above.map(headerText)
  if (upper.filter(Boolean).length < 2) return null
  let spanning = ''
  return Array.from({ length: Math.max(upper.length, own.length) }, (_, index) => {
    const below = own[index] ?? ''
    spanning = upper[index] || (below ? spanning : '')
    return [spanning, below].filter(Boolean).join(' ')
  })
}
