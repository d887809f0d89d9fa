import type { TransactionClientContract } from '@adonisjs/lucid/types/database'

/**
 * Takes the next `count` numbers of a yearly sequence without gaps: the counter
 * moves in the caller's transaction, so a rollback gives the numbers back.
 *
 * @returns the first of them
 */
export async function takeNumbers(
  trx: TransactionClientContract,
  name: string,
  year: number,
  count = 1
): Promise<number> {
  const rows = await trx.rawQuery(
    `insert into number_sequences (name, year, last) values (?, ?, ?)
     on conflict (name, year) do update set last = number_sequences.last + excluded.last
     returning last`,
    [name, year, count]
  )
  const last = Number((rows.rows ?? rows)[0].last)
  return last - count + 1
}

/** What a person names a row by: its id, or its reference. No id is longer. */
export const idOrRef = (text: string): 'id' | 'ref' => (/^\d{1,15}$/.test(text) ? 'id' : 'ref')

/** `Q-2026-00042` */
export function numbered(prefix: string, year: number, value: number, width = 5): string {
  return `${prefix}-${year}-${String(value).padStart(width, '0')}`
}
