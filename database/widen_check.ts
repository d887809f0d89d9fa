import type { Knex } from 'knex'
import type { Database } from 'better-sqlite3'
import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'

/**
 * Lets a column made with `columns().oneOf` take more words, keeping everything else of its table:
 * rows, keys, indexes and triggers. PostgreSQL replaces the CHECK. SQLite has no word for that: the
 * text of the table is edited, as its documentation says for changes that touch no row
 * (https://www.sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes").
 */
export async function widenOneOf(
  client: QueryClientContract,
  table: string,
  column: string,
  added: readonly string[]
) {
  const words = added.map((word) => `"${column}" = '${word}'`).join(' or ')
  if (client.dialect.name === 'postgres') await widenOnPostgres(client, table, column, words)
  else await widenOnSqlite(client as TransactionClientContract, table, column, words)
}

async function widenOnPostgres(client: QueryClientContract, table: string, column: string, words: string) {
  const { rows } = await client.rawQuery(
    `select conname as name, pg_get_expr(conbin, conrelid) as expression from pg_constraint
     where conrelid = ?::regclass and contype = 'c' and array_length(conkey, 1) = 1
       and conkey[1] = (select attnum from pg_attribute where attrelid = ?::regclass and attname = ?)`,
    [table, table, column]
  )
  if (rows.length !== 1) throw new Error(`${table}.${column} has ${rows.length} checks of its own, not one`)
  const [{ name, expression }] = rows
  await client.rawQuery(`alter table ${table} drop constraint "${name}"`)
  await client.rawQuery(`alter table ${table} add constraint "${name}" check ((${expression}) or ${words})`)
}

async function widenOnSqlite(
  client: TransactionClientContract,
  table: string,
  column: string,
  words: string
) {
  const [{ sql: made }] = await client.rawQuery(
    `select sql from sqlite_master where type = 'table' and name = ?`,
    [table]
  )
  const check = new RegExp(`check \\("${column}" = '[\\w.]+'(?: or "${column}" = '[\\w.]+')*\\)`, 'gi')
  const found = made.match(check) ?? []
  if (found.length !== 1) throw new Error(`${table}.${column} has ${found.length} checks of its own, not one`)
  const widened = made.replace(check, (one: string) => `${one.slice(0, -1)} or ${words})`)
  await editing(client, async () => {
    await client.rawQuery(`update sqlite_master set sql = ? where type = 'table' and name = ?`, [
      widened,
      table,
    ])
  })
}

/** Opens the schema of a connection for one edit; a new version of it makes every reader look again. */
async function editing(client: TransactionClientContract, edit: () => Promise<void>) {
  const knex = client.knexClient as Knex & { client: Knex.Client }
  const connection: Database = await knex.client.acquireConnection()
  try {
    connection.unsafeMode(true)
    connection.pragma('writable_schema = on')
    await edit()
    const version = Number(connection.pragma('schema_version', { simple: true }))
    connection.pragma(`schema_version = ${version + 1}`)
  } finally {
    connection.pragma('writable_schema = off')
    connection.unsafeMode(false)
  }
}
