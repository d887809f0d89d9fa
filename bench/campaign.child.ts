/**
 * One measure of the campaign bench, in a process and on a database of its own:
 * `campaign.child.ts <ours|lucid> <steps>` prints `{ seconds, plan, execute, peakMb }`.
 */
import 'reflect-metadata'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { application } from '../bin/application.ts'

const [method, size] = process.argv.slice(2)
const steps = Number(size)
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
  const { migrate, populate } = await import('./campaign.sample.ts')
  await migrate(app)
  const campaign = await populate(steps)
  const { lucid, ours } = await import('./campaign.ways.ts')
  const measured = await (method === 'lucid' ? lucid : ours)(campaign, steps)
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
  console.log(JSON.stringify({ ...measured, peakMb }))
} finally {
  await app.terminate()
  await rm(folder, { recursive: true, force: true })
}
