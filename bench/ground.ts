import 'reflect-metadata'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { application } from '../bin/application.ts'

/** Runs a measure on an empty SQLite database of its own, with the application started. */
export async function onEmptyDatabase<T>(work: () => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'amiable-bench-'))
  Object.assign(process.env, {
    NODE_ENV: 'production',
    APP_KEY: 'bench-key-bench-key-bench-key-00',
    DB_CONNECTION: 'sqlite',
    DB_FILE: join(folder, 'bench.sqlite'),
    STORAGE_DIR: folder,
    SCHEDULER: 'off',
    LOG_LEVEL: 'error',
  })
  const app = application().createApp('console')
  await app.init()
  await app.boot()
  await app.start(() => {})
  try {
    const { MigrationRunner } = await import('@adonisjs/lucid/migration')
    const { default: db } = await import('@adonisjs/lucid/services/db')
    const migrations = new MigrationRunner(db, app, { direction: 'up', dryRun: false })
    await migrations.run()
    if (migrations.error) throw migrations.error
    return await work()
  } finally {
    await app.terminate()
    await rm(folder, { recursive: true, force: true })
  }
}
