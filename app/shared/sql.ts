import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { dialect } from '#shared/transaction'

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

/** SQL that adds whole months to a civil date, staying inside the month, as `addMonths` does. */
export const addMonthsSql = (date: string, months: number) =>
  dialect() === 'postgres'
    ? `to_char((${date})::date + interval '${months} months', 'YYYY-MM-DD')`
    : `date(${date}, '+${months} months', 'floor')`

/** SQL of what `numbered` writes: `D-2026-00042`. */
export const numberedSql = (prefix: string, year: number, value: string, width = 5) =>
  dialect() === 'postgres'
    ? `'${prefix}-${year}-' || lpad((${value})::text, greatest(${width}, length((${value})::text)), '0')`
    : `format('${prefix}-${year}-%0${width}d', ${value})`
