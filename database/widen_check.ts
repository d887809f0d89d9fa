import type { QueryClientContract } from '@adonisjs/lucid/types/database'

/**
 * Lets a column made with `columns().oneOf` take more words, keeping everything else of its table:
 * rows, keys, indexes and triggers. PostgreSQL replaces the CHECK. SQLite can only build the table
 * again; its foreign keys are looked at when the migration's transaction ends, so that the table can
 * refer to itself.
 */
export async function widenOneOf(
  client: QueryClientContract,
  table: string,
  column: string,
  added: readonly string[]
) {
  const words = added.map((word) => `"${column}" = '${word}'`).join(' or ')
  if (client.dialect.name === 'postgres') await widenOnPostgres(client, table, column, words)
  else await widenOnSqlite(client, table, column, words)
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

async function widenOnSqlite(client: QueryClientContract, table: string, column: string, words: string) {
  const parts: { type: string; name: string; sql: string }[] = await client.rawQuery(
    `select type, name, sql from sqlite_master where tbl_name = ? and sql is not null`,
    [table]
  )
  const made = parts.find(({ type }) => type === 'table')!.sql
  const check = new RegExp(`check \\("${column}" = '\\w+'(?: or "${column}" = '\\w+')*\\)`, 'gi')
  const found = made.match(check) ?? []
  if (found.length !== 1) throw new Error(`${table}.${column} has ${found.length} checks of its own, not one`)
  const rebuilt = made
    .replace(/^create table\s+[`"]?\w+[`"]?/i, `create table ${table}_rebuilt`)
    .replace(check, (one) => `${one.slice(0, -1)} or ${words})`)

  await client.rawQuery('pragma defer_foreign_keys = on')
  await client.rawQuery(rebuilt)
  await client.rawQuery(`insert into ${table}_rebuilt select * from ${table}`)
  await client.rawQuery(`drop table ${table}`)
  await client.rawQuery(`alter table ${table}_rebuilt rename to ${table}`)
  for (const { sql } of parts.filter(({ type }) => type !== 'table')) await client.rawQuery(sql)
}
