/**
 * Checks that need the application: it is booted on a database of its own,
 * migrated from nothing. `--write` writes the generated files anew.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = await mkdtemp(join(tmpdir(), 'amiable-check-'))
Object.assign(process.env, {
  NODE_ENV: 'test',
  TZ: 'UTC',
  APP_KEY: 'check-key-check-key-check-key-check-key',
  DB_CONNECTION: 'sqlite',
  DB_FILE: join(folder, 'check.sqlite'),
  STORAGE_DIR: folder,
  SCHEDULER: 'off',
})

const { application } = await import('../application.js')
const app = application().createApp('console')
await app.init()
await app.boot()
await app.start(() => {})

const checks = await Promise.all([
  import('./schema.js'),
  import('./authorisation.js'),
  import('./templates.js'),
  import('./translations.js'),
  import('./links.js'),
])

const rewrite = process.argv.includes('--write')
for (const { title, problems } of checks) {
  const found = await problems(app, rewrite)
  console.log(found.length === 0 ? `✔ ${title}` : `✘ ${title}\n  ${found.join('\n  ')}`)
  if (found.length > 0) process.exitCode = 1
}

await app.terminate()
await rm(folder, { recursive: true })
