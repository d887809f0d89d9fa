import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '#tests/fixtures/processes'
import type { Instant } from '#shared/clock'
import type { About, OrderName } from '#tests/harness/eres/orders'
import type { Order } from '#tests/harness/eres/process'

const SCRIPT = fileURLToPath(new URL('./process.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** Between the end of a connection and the news that its process is dead. */
const NEWS_MS = 60_000
/** pino's own number for `error`. */
const ERROR_LEVEL = 50

type Answer = { id: number; outcome?: unknown; error?: string }

/** One process of the installation under try; killed, it is started again in the same place. */
export class Party {
  readonly url: string
  /** What it wrote in its log as an error, and what it threw. */
  readonly errors: string[] = []
  readonly deadPids: number[] = []
  #ready!: Promise<void>
  #child!: ChildProcess
  #closed!: Promise<unknown>
  #orders = 0
  #waiting = new Map<number, (answer: Answer | null) => void>()
  #ending = false

  private constructor(private readonly port: number) {
    this.url = `http://127.0.0.1:${port}`
    this.#start()
  }

  static async start(): Promise<Party> {
    const party = new Party(await freePort())
    await party.#ready
    return party
  }

  /**
   * Has it do something.
   *
   * @param dieAtQuery it dies before its nth query from then on, whoever it works for by then
   * @returns null when it died before it answered
   */
  async ask(name: OrderName, about: About, { at = null, dieAtQuery = null }: Timing = {}) {
    await this.#ready
    const id = ++this.#orders
    const answered = new Promise<Answer | null>((resolve) => this.#waiting.set(id, resolve))
    this.#send({ id, name, about, at, dieAtQuery })
    const answer = await answered
    if (answer?.error) this.errors.push(`${name}: ${answer.error}`)
    return answer
  }

  /** It dies before its nth query from now on. */
  async doom(dieAtQuery: number, about: About) {
    await this.#ready
    this.#send({ id: 0, name: null, about, at: null, dieAtQuery })
  }

  /** Does something with it; null when it died meanwhile, so that nobody knows what came of it. */
  async surviving<T>(work: () => Promise<T>): Promise<T | null> {
    await this.#ready
    const deaths = this.deadPids.length
    try {
      return await work()
    } catch (error) {
      for (let left = NEWS_MS; this.deadPids.length === deaths && left > 0; left -= 20) await sleep(20)
      if (this.deadPids.length === deaths) throw error
      return null
    }
  }

  async stop() {
    await this.#ready
    this.#ending = true
    this.#child.kill('SIGKILL')
    await this.#closed
  }

  /** One that has just died cannot be told any more; its death answers for it. */
  #send(order: Order) {
    this.#child.send(order, () => {})
  }

  #start() {
    const child = fork(SCRIPT, {
      execArgv: ['--import=./bin/loader.js'],
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        LOG_LEVEL: 'error',
        HOST: '127.0.0.1',
        PORT: String(this.port),
        TRUST_PROXY: '127.0.0.1',
      },
    })
    this.#child = child
    this.#closed = once(child, 'close')
    this.#readErrors(child)
    this.#ready = new Promise((resolve, reject) => {
      child.on('message', (message: Answer | { listening: true } | string) => {
        // The framework says a word of its own once it is up.
        if (typeof message === 'string') return
        if ('listening' in message) resolve()
        else this.#settle(message.id, message)
      })
      child.once('exit', (code, signal) => {
        if (!this.#ending && signal === 'SIGKILL') this.#startAgain(child.pid!)
        else if (!this.#ending) reject(new Error(`a process ended by itself (${code}, ${signal})`))
      })
    })
  }

  #startAgain(deadPid: number) {
    this.deadPids.push(deadPid)
    this.#start()
    for (const id of [...this.#waiting.keys()]) this.#settle(id, null)
  }

  #settle(id: number, answer: Answer | null) {
    this.#waiting.get(id)?.(answer)
    this.#waiting.delete(id)
  }

  #readErrors(child: ChildProcess) {
    let rest = ''
    child.stderr!.on('data', (chunk: Buffer) => {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop()!
      this.errors.push(...lines.filter(isError))
    })
  }
}

interface Timing {
  /** The instant to play. */
  at?: Instant | null
  dieAtQuery?: number | null
}

/** What is no line of the log was written by the runtime: it is told too. */
function isError(line: string): boolean {
  if (!line.startsWith('{')) return line.trim() !== ''
  return (JSON.parse(line) as { level: number }).level >= ERROR_LEVEL
}
