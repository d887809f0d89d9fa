import type { Knex } from 'knex'

/** SQLite stores booleans as 0 and 1. */
export const toBoolean = (value: unknown) => (value === null ? null : Boolean(value))

export const toJson = (value: unknown) =>
  value === null || value === undefined ? value : JSON.stringify(value)

export const fromJson = (value: string | null) => (value === null ? null : JSON.parse(value))

type Table = Knex.CreateTableBuilder

/**
 * The column kinds of this database, each with the CHECK that keeps it what its
 * name says, on SQLite and on PostgreSQL alike.
 */
export function columns(table: Table, dialect: string) {
  const quoted = (name: string) => `"${name}"`
  return {
    id: () => (dialect === 'postgres' ? table.bigIncrements('id') : table.increments('id')),

    /** A bigint of cents; SQLite would otherwise take 12.5 or 'abc'. */
    cents(name: string, range: '>= 0' | '> 0' | 'any' = '>= 0') {
      if (dialect !== 'postgres') table.check(`typeof(${quoted(name)}) in ('integer', 'null')`)
      if (range !== 'any') table.check(`${quoted(name)} ${range}`)
      return table.bigInteger(name)
    },

    /** A civil date as YYYY-MM-DD (Europe/Paris). */
    civilDate(name: string) {
      table.check(`length(${quoted(name)}) = 10`)
      return table.string(name, 10)
    },

    /** An instant as ISO 8601 UTC with milliseconds: sorts as text. */
    instant(name: string) {
      table.check(`length(${quoted(name)}) = 24 and ${quoted(name)} like '%Z'`)
      return table.string(name, 24)
    },

    /** Written with `or`: in a CHECK, SQLite builds the list of an `in` again for every row. */
    oneOf(name: string, values: readonly string[]) {
      table.check(values.map((value) => `${quoted(name)} = '${value}'`).join(' or '))
      return table.string(name, 32)
    },

    /** A SHA-256 in lower-case hexadecimal. */
    sha256(name: string) {
      table.check(`length(${quoted(name)}) = 64`)
      return table.string(name, 64)
    },

    reference(name: string, target: string) {
      return table.bigInteger(name).references('id').inTable(target).onDelete('RESTRICT')
    },
  }
}

/**
 * SQL that makes a table refuse UPDATE and DELETE, for ledgers and logs.
 */
export function appendOnly(table: string, dialect: string): string[] {
  if (dialect === 'postgres') {
    return [
      `create function ${table}_append_only() returns trigger language plpgsql as $$ begin raise exception '${table} is append-only'; end $$`,
      `create trigger ${table}_append_only before update or delete on ${table} for each row execute function ${table}_append_only()`,
    ]
  }
  return ['update', 'delete'].map(
    (verb) =>
      `create trigger ${table}_no_${verb} before ${verb} on ${table} begin select raise(abort, '${table} is append-only'); end`
  )
}
