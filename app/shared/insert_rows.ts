import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { dialect } from '#shared/transaction'

export type ColumnValue = string | number | null

/** PostgreSQL numbers the values of a statement on 16 bits. */
const MAX_VALUES = 65_535

/**
 * Inserts many rows, each a list of values in the order of `columns`, in the caller's
 * transaction. On SQLite one prepared statement takes them one by one under Knex, which spends
 * more on writing the marks of many rows, and SQLite on reading them, than the insertion takes.
 */
export async function insertRows(
  trx: TransactionClientContract,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly ColumnValue[])[]
) {
  if (rows.length === 0) return
  const into = `insert into ${table} (${columns.join(', ')}) values `
  const places = `(${columns.map(() => '?').join(', ')})`
  if (dialect() === 'sqlite') {
    if (trx.isCompleted) throw new Error('the transaction is over')
    const connection = await trx.knexClient.client.acquireConnection()
    const statement = connection.prepare(into + places)
    for (const row of rows) statement.run(row)
    return
  }
  const size = Math.floor(MAX_VALUES / columns.length)
  for (let from = 0; from < rows.length; from += size) {
    const batch = rows.slice(from, from + size)
    await trx.rawQuery(into + batch.map(() => places).join(', '), batch.flat() as never[])
  }
}
