/**
 * Runs the functional suite on PostgreSQL: a cluster of its own in a temporary
 * folder, reachable by a socket only, gone afterwards. Arguments go to
 * `bin/test.ts` instead.
 */
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, glob, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { runParts } from './test_parts.js'

const START_SECONDS = 30

const tools = await findTools()
if (!tools) {
  console.error('✘ PostgreSQL is not installed here: "apt-get install postgresql", then run this again')
  process.exit(1)
}

const folder = await mkdtemp(join(tmpdir(), 'amiable-pg-'))
const DATABASE_URL = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`
const owner = await clusterOwner(folder)
let server: ChildProcess | undefined
let databases = 0
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server?.kill('SIGINT'))

try {
  server = startCluster()
  await untilReady(server)
  process.exitCode = await runTests(process.argv.slice(2))
} finally {
  await stopCluster()
}

/** The folder of `initdb`: in PATH, or where Debian, Fedora and Homebrew put it; the newest when several. */
async function findTools(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const pattern of [
    '/usr/lib/postgresql/*/bin',
    '/usr/pgsql-*/bin',
    '/opt/homebrew/opt/postgresql*/bin',
  ]) {
    folders.push(...(await Array.fromAsync(glob(pattern))).sort().reverse())
  }
  return folders.find((path) => existsSync(join(path, 'initdb')))
}

/** PostgreSQL refuses to run as root: the package's own user takes the folder then. */
async function clusterOwner(path: string): Promise<Pick<SpawnOptions, 'uid' | 'gid'>> {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  )
  await chown(path, uid!, gid!)
  return { uid, gid }
}

function startCluster(): ChildProcess {
  const data = join(folder, 'data')
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']
  const made = spawnSync(join(tools!, 'initdb'), init, { ...owner, cwd: folder, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)

  const settings = ['listen_addresses=', 'fsync=off', 'full_page_writes=off', 'log_min_messages=fatal']
  const flags = settings.flatMap((setting) => ['-c', setting])
  const child = spawn(join(tools!, 'postgres'), ['-D', data, '-k', folder, ...flags], {
    ...owner,
    cwd: folder,
    stdio: 'ignore',
  })
  return child
}

async function untilReady(child: ChildProcess) {
  const deadline = Date.now() + START_SECONDS * 1000
  for (;;) {
    const client = new pg.Client({ connectionString: DATABASE_URL })
    const failure = await client.connect().then(
      () => null,
      (error: Error) => error
    )
    await client.end()
    if (!failure) return
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`PostgreSQL did not start: ${failure.message}`)
    }
    await sleep(100)
  }
}

/**
 * Each part on a database of its own, but for what is tagged `@any_database`: commands that take
 * long to start and whose SQL other tests run here. With arguments, those in one process.
 */
async function runTests(args: string[]): Promise<number> {
  if (args.length === 0) return runParts(['functional'], freshDatabase, ['--tags=~@any_database'])
  const child = spawn(process.execPath, ['--import=./bin/loader.js', 'bin/test.ts', ...args], {
    cwd: new URL('../', import.meta.url),
    stdio: 'inherit',
    env: { ...process.env, ...(await freshDatabase()) },
  })
  const [code] = await once(child, 'close')
  return code ?? 1
}

async function freshDatabase() {
  const name = `amiable_${++databases}`
  const client = new pg.Client({ connectionString: DATABASE_URL })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return { DB_CONNECTION: 'postgres', DATABASE_URL: DATABASE_URL.replace('/postgres?', `/${name}?`) }
}

async function stopCluster() {
  if (server && server.exitCode === null) {
    server.kill('SIGINT')
    await once(server, 'close')
  }
  await rm(folder, { recursive: true, force: true })
}
