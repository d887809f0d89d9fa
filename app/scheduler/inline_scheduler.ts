import logger from '@adonisjs/core/services/logger'
import { clock, type Instant } from '#shared/clock'

const MINUTE_MS = 60_000

/**
 * Runs the tick inside the web process, every minute: never two at once, and a stop waits
 * for the one under way. Any number of processes may have one.
 */
export class InlineScheduler {
  #stopping = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null

  constructor(
    private readonly tick: (at: Instant, signal: AbortSignal) => Promise<unknown>,
    private readonly everyMs = MINUTE_MS
  ) {}

  start() {
    this.#timer = setTimeout(() => this.#turn(), 0)
  }

  async stop() {
    this.#stopping.abort()
    if (this.#timer) clearTimeout(this.#timer)
    await this.#running
  }

  /** The next turn is set only when this one is over. */
  #turn() {
    const startedAt = performance.now()
    this.#running = this.#once().finally(() => {
      this.#running = null
      if (this.#stopping.signal.aborted) return
      const spent = performance.now() - startedAt
      this.#timer = setTimeout(() => this.#turn(), Math.max(0, this.everyMs - spent))
      this.#timer.unref()
    })
  }

  async #once() {
    try {
      await this.tick(clock.now(), this.#stopping.signal)
    } catch (error) {
      logger.error({ err: error }, 'the tick failed; it is tried again in a minute')
    }
  }
}
