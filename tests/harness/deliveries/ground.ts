import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { givenDatabase, type OwnDatabase } from '#tests/fixtures/databases'
import { copyMigrated } from '#tests/migrated'

/**
 * An empty database and a storage of its own, for processes that will be killed; on PostgreSQL
 * with `npm run test:postgres -- harness`.
 */
export class Ground {
  private constructor(
    readonly folder: string,
    private readonly database: OwnDatabase
  ) {}

  static async prepare(): Promise<Ground> {
    const folder = await mkdtemp(join(tmpdir(), 'amiable-harness-'))
    await mkdir(join(folder, 'files'))
    const ground = new Ground(folder, await givenDatabase(folder))
    const { DB_FILE } = ground.database.variables
    if (DB_FILE && copyMigrated(DB_FILE)) return ground
    const { code, errors } = await ground.spawn('migrate', {}).ended
    if (code !== 0) throw new Error(`cannot migrate: ${errors}`)
    return ground
  }

  /** Reads what the processes have committed. */
  query<Row>(sql: string): Promise<Row[]> {
    return this.database.query(sql)
  }

  spawn(script: string, plan: object): Child {
    const path = fileURLToPath(new URL(`./${script}.ts`, import.meta.url))
    return new Child(
      fork(path, {
        execArgv: ['--import=./bin/loader.js'],
        cwd: fileURLToPath(new URL('../../../', import.meta.url)),
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: {
          PATH: process.env.PATH,
          NODE_ENV: 'test',
          TZ: 'UTC',
          NODE_OPTIONS: process.env.NODE_OPTIONS,
          PLAYED_AHEAD_MS: process.env.PLAYED_AHEAD_MS,
          LOG_LEVEL: 'fatal',
          APP_KEY: 'harness-key-harness-key-harness-key',
          ...this.database.variables,
          STORAGE_DIR: join(this.folder, 'files'),
          SCHEDULER: 'off',
          HARNESS_PLAN: JSON.stringify(plan),
        },
      })
    )
  }

  async remove() {
    await this.database.discard()
    await rm(this.folder, { recursive: true, force: true })
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
