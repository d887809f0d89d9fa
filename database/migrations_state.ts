import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import { sqliteFile } from '#config/database'

/** False when SQLite would have to create its file; PostgreSQL tells by itself. */
export const databaseExists = () => db.primaryConnectionName !== 'sqlite' || existsSync(sqliteFile)

/** Migrations of this version that the database has not run, oldest first. */
export async function pendingMigrations(): Promise<string[]> {
  const files = await readdir(app.makePath('database/migrations'))
  const names = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `database/migrations/${file.slice(0, -3)}`)
    .sort()
  if (!(await hasRunAny())) return names
  const rows: { name: string }[] = await db.from('adonis_schema').select('name')
  const done = new Set(rows.map((row) => row.name))
  return names.filter((name) => !done.has(name))
}

const TABLE_SQL = {
  sqlite: `select name from sqlite_master where name = 'adonis_schema'`,
  postgres: `select to_regclass('adonis_schema') as name`,
}

async function hasRunAny(): Promise<boolean> {
  const result = await db.rawQuery(TABLE_SQL[db.primaryConnectionName as keyof typeof TABLE_SQL])
  const row: { name: string | null } | undefined = (result.rows ?? result)[0]
  return Boolean(row?.name)
}
