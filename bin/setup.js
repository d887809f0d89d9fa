/**
 * Makes a clone ready to run: packages (a Node 24 among them), `.env`, storage,
 * assets, database. Plain JavaScript for the machine's own Node, 20 or later;
 * what is already done is recognised and skipped, so every npm script begins
 * with it. All it says goes to standard error, one line for each step done;
 * `--quiet` says nothing when there is nothing to do.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { installPackages, packagesDiffer } from './setup/packages.js'
import { filesUnder, hashOf, inRoot, NODE_24, Obstacle, readOrNull, ROOT } from './setup/tools.js'

const OLDEST_NODE = 20
const ASSETS_STAMP = inRoot('public/assets/.amiable-setup')

const steps = [
  {
    doing: 'Installing the packages',
    done: 'Packages installed',
    needed: packagesDiffer,
    run: installPackages,
  },
  { doing: 'Writing .env', done: '.env written, with a fresh APP_KEY', needed: noKey, run: environment },
  { doing: 'Making the storage folder', done: 'Storage folder made', needed: noStorage, run: storage },
  { doing: 'Building the assets', done: 'Assets built', needed: assetsDiffer, run: assets },
  { doing: 'Migrating the database', done: 'Database up to date', needed: databaseBehind, run: database },
]

try {
  checkMachine()
  let worked = false
  for (const step of steps) worked = (await take(step)) || worked
  if (!worked && !process.argv.includes('--quiet')) say('✔ Set-up: nothing to do')
} catch (error) {
  if (!(error instanceof Obstacle)) throw error
  say(`✘ ${error.message}`)
  process.exitCode = 1
}

async function take({ doing, done, needed, run }) {
  if (!(await needed())) return false
  const startedAt = Date.now()
  if (process.stderr.isTTY) process.stderr.write(`· ${doing}…`)
  try {
    run()
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K')
  }
  say(`✔ ${done} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`)
  return true
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

function checkMachine() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new Obstacle(
      `Node ${process.versions.node} is too old: Node ${OLDEST_NODE} or later is needed to install Amiable (https://nodejs.org)`
    )
  }
  if (process.platform !== 'linux') return
  const { glibcVersionRuntime } = process.report.getReport().header
  if (!glibcVersionRuntime) {
    throw new Obstacle(
      'This Linux has no glibc (Alpine?): the Node and Chromium that come with Amiable need one; use Debian, Ubuntu or Fedora'
    )
  }
}

// Environment and storage

/** The variables as the application will read them: the process first, then `.env`. */
function variables() {
  const lines = (readOrNull(inRoot('.env')) ?? '').matchAll(/^\s*([A-Z_]+)\s*=\s*["']?([^\n]*?)["']?\s*$/gm)
  return { ...Object.fromEntries(Array.from(lines, ([, name, value]) => [name, value])), ...process.env }
}

function noKey() {
  return !variables().APP_KEY
}

function environment() {
  const before = readOrNull(inRoot('.env')) ?? ''
  const kept = before.replace(/^APP_KEY=[^\S\n]*\n?/m, '')
  const key = `APP_KEY=${randomBytes(32).toString('base64url')}\n`
  writeFileSync(inRoot('.env'), kept === '' || kept.endsWith('\n') ? kept + key : `${kept}\n${key}`, {
    mode: 0o600,
  })
}

function storageFolders() {
  const { STORAGE_DIR, DB_FILE } = variables()
  return [
    resolve(ROOT, STORAGE_DIR || 'storage/files'),
    dirname(resolve(ROOT, DB_FILE || 'storage/amiable.sqlite')),
  ]
}

function noStorage() {
  return storageFolders().some((folder) => !existsSync(folder))
}

function storage() {
  for (const folder of storageFolders()) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o750 })
    } catch (error) {
      throw new Obstacle(`The folder ${folder} cannot be made: ${error.message}`)
    }
  }
}

// Assets

function assetSources() {
  const sources = ['resources/css', 'resources/js'].flatMap((folder) => filesUnder(inRoot(folder)))
  return sources.length === 0 ? [] : [...sources, inRoot('vite.config.ts'), inRoot('package-lock.json')]
}

function assetsDiffer() {
  const sources = assetSources()
  return sources.length > 0 && readOrNull(ASSETS_STAMP) !== hashOf(sources)
}

function assets() {
  const hash = hashOf(assetSources())
  runNode24(['node_modules/vite/bin/vite.js', 'build', '--logLevel=error'], 'The assets could not be built')
  writeFileSync(ASSETS_STAMP, hash)
}

// Database

function migrationNames() {
  return readdirSync(inRoot('database/migrations'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `database/migrations/${file.slice(0, -3)}`)
}

/**
 * Reads which migrations ran. Where that cannot be read from here (PostgreSQL, a
 * Node too old for the driver), the migrator is asked, which takes a second.
 */
async function databaseBehind() {
  const { DB_CONNECTION, DB_FILE } = variables()
  if (DB_CONNECTION === 'postgres' || Number(process.versions.node.split('.')[0]) < 24) return true
  const file = resolve(ROOT, DB_FILE || 'storage/amiable.sqlite')
  if (!existsSync(file)) return true
  const done = await migrationsDone(file)
  const unknown = done.filter((name) => !migrationNames().includes(name))
  if (unknown.length > 0) {
    throw new Obstacle(
      `${file} was made by a newer version of Amiable (${unknown.join(', ')}): update, or use its backup`
    )
  }
  return migrationNames().some((name) => !done.includes(name))
}

async function migrationsDone(file) {
  const { default: Database } = await import('better-sqlite3')
  const connection = new Database(file, { fileMustExist: true })
  try {
    const table = connection.prepare(`select 1 from sqlite_master where name = 'adonis_schema'`).get()
    return table ? connection.prepare('select name from adonis_schema').pluck().all() : []
  } finally {
    connection.close()
  }
}

function database() {
  runNode24(
    ['ace.js', 'migration:run', '--force', '--no-schema-generate'],
    'The database could not be migrated'
  )
}

function runNode24(args, failure) {
  const { status, stdout, stderr } = spawnSync(NODE_24, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e8 })
  if (status !== 0)
    throw new Obstacle(`${failure}\n  ${`${stdout}${stderr}`.trim().replaceAll('\n', '\n  ')}`)
}
