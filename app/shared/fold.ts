/**
 * Folds a text for searching: lower case, no accents, `œ` as `oe`. The database has the same
 * function under the same name (database/sqlite.ts and the first migration).
 */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
}
