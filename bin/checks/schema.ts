import { copyFile, readFile } from 'node:fs/promises'
import db from '@adonisjs/lucid/services/db'
import { MigrationRunner } from '@adonisjs/lucid/migration'
import type { ApplicationService } from '@adonisjs/core/types'

export const title = 'database/schema.ts is what the migrations make'

export async function problems(app: ApplicationService, rewrite: boolean): Promise<string[]> {
  const migrator = new MigrationRunner(db, app, { direction: 'up' })
  await migrator.run()
  if (migrator.error) return [`the migrations fail on an empty database: ${migrator.error.message}`]

  const written = app.makePath('database/schema.ts')
  const generated = `${process.env.STORAGE_DIR}/schema.ts`
  Object.assign(db.manager.get('sqlite')!.config.schemaGeneration!, { outputPath: generated })
  const ace = await app.container.make('ace')
  await ace.exec('schema:generate', ['--compact-output'])
  if (rewrite) await copyFile(generated, written)
  const same = (await readFile(written, 'utf8')) === (await readFile(generated, 'utf8'))
  return same ? [] : ['it differs: write it anew with "npm run check -- --write" and commit it']
}
