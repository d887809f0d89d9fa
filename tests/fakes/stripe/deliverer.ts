import { createHmac } from 'node:crypto'
import { between, type Random } from './random.js'
import type { StripeEvent } from './account.js'

/** How badly webhooks arrive. */
export interface WebhookFaults {
  /** Share of events never sent. */
  dropRate: number
  /** Each event is sent between once and this many times. */
  copies: number
  /** Each sending waits a random time up to this, which also changes their order. */
  disorderMs: number
  /** Every sending waits at least this. */
  delayMs: number
}

export const CALM_WEBHOOKS: WebhookFaults = { dropRate: 0, copies: 1, disorderMs: 0, delayMs: 0 }

/** Waits between tries when the endpoint does not answer 2xx; Stripe's own are hours. */
const RETRY_WAITS_MS = [150, 600, 2_500]
const ANSWER_WITHIN_MS = 10_000

/**
 * Signs as Stripe does: `t` is the time of this sending, `v1` the HMAC-SHA256 of
 * `t.body` under the endpoint's secret.
 */
export function signature(body: string, secret: string, timestamp: number): string {
  const mac = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return `t=${timestamp},v1=${mac}`
}

/** Posts events to the endpoint, as disorderly as asked. */
export class Deliverer {
  readonly #pending = new Set<Promise<void>>()
  readonly #timers = new Set<{ timer: NodeJS.Timeout; skip: () => void }>()
  readonly #stopped = new AbortController()
  /** What the endpoint answered, in order; 0 when it could not be reached. */
  readonly answers: { eventId: string; status: number }[] = []

  constructor(
    readonly random: Random,
    readonly now: () => number,
    readonly endpoint: (event: StripeEvent) => { url: string | null; secret: string },
    readonly faults: () => WebhookFaults
  ) {}

  /** Sends an event as the faults say. */
  dispatch(event: StripeEvent) {
    const { dropRate, copies, disorderMs, delayMs } = this.faults()
    if (!this.endpoint(event).url || this.random() < dropRate) return
    const times = between(this.random, 1, copies)
    for (let copy = 0; copy < times; copy++) {
      this.#track(this.#sendAfter(event, delayMs + between(this.random, 0, disorderMs)))
    }
  }

  /** Sends an event once, now, whatever the faults say. */
  async resend(event: StripeEvent): Promise<number> {
    return this.#post(event)
  }

  /** Waits until nothing is on its way any more. */
  async idle() {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending)
  }

  async stop() {
    this.#stopped.abort()
    for (const { timer, skip } of this.#timers) {
      clearTimeout(timer)
      skip()
    }
    await this.idle()
  }

  async #sendAfter(event: StripeEvent, waitMs: number) {
    for (const wait of [waitMs, ...RETRY_WAITS_MS]) {
      await this.#sleep(wait)
      if (this.#stopped.signal.aborted) return
      const status = await this.#post(event)
      if (status >= 200 && status < 300) return
    }
  }

  async #post(event: StripeEvent): Promise<number> {
    const { url, secret } = this.endpoint(event)
    const body = JSON.stringify(event, null, 2)
    const status = await fetch(url!, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signature(body, secret, this.now()),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    }).then(
      async (answer) => {
        await answer.body?.cancel()
        return answer.status
      },
      () => 0
    )
    this.answers.push({ eventId: event.id, status })
    return status
  }

  #track(work: Promise<void>) {
    this.#pending.add(work)
    void work.finally(() => this.#pending.delete(work))
  }

  #sleep(waitMs: number) {
    if (waitMs === 0) return Promise.resolve()
    return new Promise<void>((resolve) => {
      const entry = { timer: setTimeout(finish, waitMs), skip: finish }
      const timers = this.#timers
      timers.add(entry)
      function finish() {
        timers.delete(entry)
        resolve()
      }
    })
  }
}
