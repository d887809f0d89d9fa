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

/**
 * What `fold(column) like ? escape '\'` needs to find a text anywhere in a column;
 * LIKE's own wildcards in what a person typed are plain characters.
 */
export const likePattern = (text: string) =>
  `%${fold(text).replace(/[\\%_]/g, (character) => `\\${character}`)}%`
