import { fork, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import pg from 'pg'

/**
 * An empty database and a storage of its own, for processes that will be killed:
 * a SQLite file, or with DB_CONNECTION=postgres a database on the server of
 * DATABASE_URL (`npm run test:postgres -- harness`).
 */
export class Ground {
  private constructor(
    readonly folder: string,
    private readonly database: { url: string; name: string } | null
  ) {}

  static async prepare(): Promise<Ground> {
    const folder = await mkdtemp(join(tmpdir(), 'amiable-harness-'))
    await mkdir(join(folder, 'files'))
    const url = process.env.DB_CONNECTION === 'postgres' ? process.env.DATABASE_URL! : null
    const database = url ? { url, name: `harness_${randomBytes(6).toString('hex')}` } : null
    const ground = new Ground(folder, database)
    if (database) await onServer(database.url, `create database ${database.name}`)
    const { code, errors } = await ground.spawn('migrate', {}).ended
    if (code !== 0) throw new Error(`cannot migrate: ${errors}`)
    return ground
  }

  /** Reads what the processes have committed. */
  async query<Row>(sql: string): Promise<Row[]> {
    if (this.database) return onServer<Row>(this.#url!, sql)
    const file = new Database(this.file, { readonly: true })
    try {
      return file.prepare(sql).all() as Row[]
    } finally {
      file.close()
    }
  }

  get file() {
    return join(this.folder, 'harness.sqlite')
  }

  get #url() {
    if (!this.database) return undefined
    const url = new URL(this.database.url)
    url.pathname = `/${this.database.name}`
    return String(url)
  }

  spawn(script: string, plan: object): Child {
    const path = fileURLToPath(new URL(`./${script}.ts`, import.meta.url))
    return new Child(
      fork(path, {
        execArgv: ['--import=@poppinss/ts-exec'],
        cwd: fileURLToPath(new URL('../../../', import.meta.url)),
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: {
          PATH: process.env.PATH,
          NODE_ENV: 'test',
          TZ: 'UTC',
          LOG_LEVEL: 'fatal',
          APP_KEY: 'harness-key-harness-key-harness-key',
          DB_CONNECTION: this.database ? 'postgres' : 'sqlite',
          DB_FILE: this.file,
          DATABASE_URL: this.#url,
          STORAGE_DIR: join(this.folder, 'files'),
          SCHEDULER: 'off',
          HARNESS_PLAN: JSON.stringify(plan),
        },
      })
    )
  }

  async remove() {
    if (this.database) {
      await onServer(this.database.url, `drop database ${this.database.name} with (force)`)
    }
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function onServer<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(sql)
    return rows as Row[]
  } finally {
    await client.end()
  }
}

export interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  errors: string
}

/** One real process, with what it says and how it ends. */
export class Child {
  readonly ended: Promise<Ending>
  #running = true
  #listeners: ((message: Record<string, unknown>) => void)[] = []

  constructor(private readonly process: ChildProcess) {
    let errors = ''
    process.stderr!.on('data', (chunk: Buffer) => (errors = (errors + String(chunk)).slice(-4000)))
    process.on('message', (message) => {
      for (const listen of this.#listeners) listen(message as Record<string, unknown>)
    })
    this.ended = new Promise((resolve) => {
      process.on('close', (code, signal) => {
        this.#running = false
        resolve({ code, signal, errors })
      })
    })
  }

  get running() {
    return this.#running
  }

  listen(listener: (message: Record<string, unknown>) => void) {
    this.#listeners.push(listener)
  }

  /** Resolves when the child says `name`, or when it ends. */
  said(name: string): Promise<unknown> {
    const message = new Promise((resolve) => {
      this.#listeners.push((told) => name in told && resolve(told[name]))
    })
    return Promise.race([message, this.ended.then(() => undefined)])
  }

  tell(word: string) {
    this.process.send(word)
  }

  signal(name: NodeJS.Signals) {
    this.process.kill(name)
  }
}
