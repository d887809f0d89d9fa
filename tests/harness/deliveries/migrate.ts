import { bootApp, leave } from '#tests/harness/deliveries/boot'

/** Makes an empty database with the schema of this version. */
const app = await bootApp()
const { MigrationRunner } = await import('@adonisjs/lucid/migration')
const { default: db } = await import('@adonisjs/lucid/services/db')
const runner = new MigrationRunner(db, app, { direction: 'up' })
await runner.run()
if (runner.error) throw runner.error
await leave(app)
