import type { Database } from 'better-sqlite3'
import { fold } from '#shared/fold'

/** How long a statement waits for another process's lock; the wait freezes the event loop. */
const BUSY_TIMEOUT_MS = 100

/**
 * Prepares every SQLite connection the same way.
 *
 * - `synchronous=FULL` is set again although it is SQLite's default: in WAL,
 *   better-sqlite3 falls back to NORMAL after the first write, which can lose
 *   committed money on a power cut.
 * - `recursive_triggers` makes REPLACE fire the triggers of a DELETE, which
 *   append-only tables refuse.
 * - Transactions begin IMMEDIATE: Knex begins them deferred, and a read that
 *   turns into a write then fails with SQLITE_BUSY instead of waiting.
 */
export function tuneSqlite(connection: Database, done: (error?: unknown) => void) {
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  connection.pragma('foreign_keys = ON')
  connection.pragma('recursive_triggers = ON')
  connection.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
  connection.pragma('cache_size = -65536')
  connection.pragma('temp_store = MEMORY')

  connection.function('fold', { deterministic: true }, (text) => (text === null ? null : fold(String(text))))

  const prepare = connection.prepare.bind(connection)
  connection.prepare = ((sql: string) =>
    prepare(sql === 'BEGIN;' ? 'BEGIN IMMEDIATE;' : sql)) as typeof connection.prepare
  done()
}
