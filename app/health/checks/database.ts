import db from '@adonisjs/lucid/services/db'
import { databaseExists, pendingMigrations } from '#database/migrations_state'
import { sqliteFile } from '#config/database'
import { dialect, transaction } from '#shared/transaction'
import { fail, ok, warn, type Check, type Finding } from '#health/finding'

/** SQLite's number for `synchronous=FULL`. */
const FULL = 2

async function firstValue(sql: string): Promise<unknown> {
  const result = await db.rawQuery(sql)
  const row = (result.rows ?? result)[0] as Record<string, unknown> | undefined
  return row && Object.values(row)[0]
}

/** A write that changes nothing, as any other goes. */
const write = () => transaction((trx) => trx.rawQuery('update adonis_schema_versions set version = version'))

export const migrations: Check = {
  name: 'migrations',
  async find() {
    if (!databaseExists()) return fail(`there is no database at ${sqliteFile}: run "npm run setup"`)
    const pending = await pendingMigrations()
    if (pending.length === 0) return ok('all run')
    return fail(`${pending.length} to run (${pending[0]}…): run "npm run setup"`)
  },
}

/**
 * Read back after a write: in WAL, better-sqlite3 quietly falls to NORMAL at the
 * first one, and a power cut could then lose a payment already confirmed.
 */
export const durability: Check = {
  name: 'durability',
  async find() {
    await write()
    return dialect() === 'sqlite' ? sqliteDurability() : postgresDurability()
  },
}

async function sqliteDurability(): Promise<Finding> {
  const journal = await firstValue('pragma journal_mode')
  if (journal !== 'wal') return fail(`journal_mode is ${journal}, not wal`)
  const synchronous = await firstValue('pragma synchronous')
  if (synchronous !== FULL) return fail(`synchronous is ${synchronous} after a write, not FULL`)
  if ((await firstValue('pragma foreign_keys')) !== 1) return fail('foreign keys are not enforced')
  return ok('SQLite, WAL, synchronous FULL after a write, foreign keys on')
}

async function postgresDurability(): Promise<Finding> {
  const version = await firstValue('show server_version')
  for (const setting of ['fsync', 'synchronous_commit']) {
    const value = await firstValue(`show ${setting}`)
    if (value === 'off')
      return warn(`PostgreSQL ${version} has ${setting}=off: a power cut can lose payments`)
  }
  return ok(`PostgreSQL ${version}, commits reach the disk`)
}

export const integrity: Check = {
  name: 'integrity',
  async find() {
    if (dialect() === 'postgres') return ok('left to PostgreSQL (pg_amcheck)')
    const found = await firstValue('pragma integrity_check')
    if (found !== 'ok') return fail(`the file is damaged: ${found}`)
    const orphans: unknown[] = await db.rawQuery('pragma foreign_key_check')
    return orphans.length === 0 ? ok('no damage, no orphan row') : fail(`${orphans.length} orphan row(s)`)
  },
}
