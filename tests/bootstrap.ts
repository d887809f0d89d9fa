import { once } from 'node:events'
import { mkdtemp, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NamedReporterContract } from '@japa/runner/types'
import { copyMigrated } from '#tests/migrated'

/** Whoever these name is not to be reached by a test. */
const OUTSIDE = [
  'SMTP_URL',
  'SMS_DRIVER',
  'SMS_SENDER',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'STRIPE_CONNECT_WEBHOOK_SECRET',
  'STRIPE_API_BASE',
  'TSA_URL',
  'TSA_CA_FILE',
  'TSA_POLICY',
  'SEAL_P12',
  'SEAL_PASSWORD',
]

/**
 * Gives the run its own database file, migrated where that was done before, and storage folder,
 * before any configuration is read. With DB_CONNECTION=postgres the caller brings the database.
 */
export async function prepareTestRun() {
  const folder = await mkdtemp(join(tmpdir(), 'amiable-test-'))
  await mkdir(join(folder, 'files'))
  process.env.APP_KEY = 'test-key-test-key-test-key-test-key'
  process.env.DB_CONNECTION ??= 'sqlite'
  process.env.DB_FILE = join(folder, 'test.sqlite')
  process.env.STORAGE_DIR = join(folder, 'files')
  if (process.env.DB_CONNECTION === 'sqlite') copyMigrated(process.env.DB_FILE)
  process.env.PORT = process.env.TEST_PORT ?? String(await freePort(20_000 + (process.pid % 10_000)))
  process.env.APP_URL = `http://127.0.0.1:${process.env.PORT}`
  for (const name of OUTSIDE) delete process.env[name]
}

/**
 * The first port from `port` on that nothing listens on. Below the range from which systems take
 * the ports of connections, where a port found free may be taken a moment later.
 */
async function freePort(port: number): Promise<number> {
  const server = createServer()
  for (; ; port++) {
    const listening = once(server.listen(port, '127.0.0.1'), 'listening')
    const taken = await listening.then(
      () => null,
      (error: NodeJS.ErrnoException) => error
    )
    if (taken === null) break
    if (taken.code !== 'EADDRINUSE') throw taken
  }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The last line of a run, read by people and by `.ci/run`. A run that tests nothing has not passed. */
export const closingLine: NamedReporterContract = {
  name: 'closing-line',
  handler: (runner, emitter) => {
    emitter.on('runner:end', () => {
      const { aggregates } = runner.getSummary()
      const failed = aggregates.failed + (runner.getSummary().hasError && aggregates.failed === 0 ? 1 : 0)
      const skipped = aggregates.skipped + aggregates.todo
      if (aggregates.total === 0) process.exitCode = 1
      process.on('exit', () =>
        console.log(`${aggregates.passed} passed, ${failed} failed, ${skipped} skipped`)
      )
    })
  },
}
