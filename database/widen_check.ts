import type { QueryClientContract } from '@adonisjs/lucid/types/database'

/**
 * Lets a column made with `columns().oneOf` take more words, keeping everything else of its table:
 * rows, keys, indexes and triggers. PostgreSQL replaces the CHECK. SQLite can only build the table
 * again, with its foreign keys looked at when the transaction ends. A table that refers to itself
 * refers to the new one from the start: dropping the former would otherwise count its rows as
 * orphans, and the commit would fail. No other table may refer to it.
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
    .replace(new RegExp(`references\\s+[\`"]?${table}[\`"]?(?=\\W)`, 'gi'), `references ${table}_rebuilt`)
    .replace(check, (one) => `${one.slice(0, -1)} or ${words})`)

  const others = await client.rawQuery(
    `select m.name from sqlite_master m join pragma_foreign_key_list(m.name) f
     where m.type = 'table' and f."table" = ? and m.name <> ?`,
    [table, table]
  )
  if (others.length > 0) throw new Error(`${others[0].name} refers to ${table}, which cannot be built again`)

  await client.rawQuery('pragma defer_foreign_keys = on')
  await client.rawQuery(rebuilt)
  await client.rawQuery(`insert into ${table}_rebuilt select * from ${table}`)
  await client.rawQuery(`drop table ${table}`)
  await client.rawQuery(`alter table ${table}_rebuilt rename to ${table}`)
  for (const { sql } of parts.filter(({ type }) => type !== 'table')) await client.rawQuery(sql)
}
