import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const MAKERS = ['database/**/*.ts', 'config/database.ts', 'package-lock.json']

/** An empty SQLite file with every migration, named by all that makes it: as long as that stays, it is copied. */
const kept = `${ROOT}node_modules/.cache/amiable/migrated-${hash()}.sqlite`

function hash() {
  const hashed = createHash('sha256')
  for (const file of globSync(MAKERS, { cwd: ROOT }).sort()) {
    hashed.update(`${file}\0`).update(readFileSync(`${ROOT}${file}`))
  }
  return hashed.digest('hex').slice(0, 16)
}

/** @returns false when none was kept: the migrations are to be run */
export function copyMigrated(file: string): boolean {
  if (!existsSync(kept)) return false
  copyFileSync(kept, file)
  return true
}

/** Keeps the database just migrated. Renamed into place, since other processes may be at it too. */
export async function keepMigrated() {
  if (existsSync(kept)) return
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const draft = `${kept}.${process.pid}`
  mkdirSync(dirname(kept), { recursive: true })
  await db.rawQuery('vacuum into ?', [draft])
  renameSync(draft, kept)
}
