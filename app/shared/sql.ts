import type { QueryClientContract } from '@adonisjs/lucid/types/database'

/** Values for the `:name` marks of a statement. */
export type Bindings = Record<string, string | number>

/** The rows a statement gives, the same on SQLite and PostgreSQL. */
export async function rowsOf<Row>(
  client: QueryClientContract,
  sql: string,
  bindings: Bindings = {}
): Promise<Row[]> {
  const result = await client.rawQuery(sql, bindings)
  return result.rows ?? result
}

/** Runs a statement and says how many rows it wrote, not counting what triggers wrote. */
export async function write(
  client: QueryClientContract,
  sql: string,
  bindings: Bindings = {}
): Promise<number> {
  const result = await client.rawQuery(sql, bindings)
  return Number(result.rowCount ?? result.changes ?? 0)
}

/** Words of ours, as a SQL list. Never what a person typed. */
export const sqlList = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ')
