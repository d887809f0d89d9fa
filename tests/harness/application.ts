import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { prepareTestRun } from '#tests/bootstrap'
import { givenDatabase } from '#tests/fixtures/databases'

/**
 * Starts the application, its HTTP server included, in this process on an empty
 * database of its own, on the server of DATABASE_URL with DB_CONNECTION=postgres. Import what
 * needs the application after it.
 */
export async function startApplication() {
  process.env.NODE_ENV = 'test'
  process.env.TZ = 'UTC'
  process.env.HOST = '127.0.0.1'
  process.env.SCHEDULER = 'off'
  process.env.LOG_LEVEL ??= 'fatal'
  await prepareTestRun()
  const folder = dirname(process.env.DB_FILE!)
  const database = await givenDatabase(folder)
  Object.assign(process.env, database.variables)
  const { application } = await import('../../bin/application.js')
  const ignitor = application()
  await ignitor.httpServer().start()
  const { default: app } = await import('@adonisjs/core/services/app')
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const { MigrationRunner } = await import('@adonisjs/lucid/migration')
  const migrations = new MigrationRunner(db, app, { direction: 'up', dryRun: false })
  await migrations.run()
  if (migrations.error) throw migrations.error

  return {
    url: process.env.APP_URL!,
    async stop() {
      await app.terminate()
      await database.discard()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
