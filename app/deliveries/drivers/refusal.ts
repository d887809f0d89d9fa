import type { Outcome } from '#deliveries/drivers/driver'
import { quoted, retryAfterSeconds, type Answer } from '#shared/http'

/** Any outcome but that it was taken, or held back by us. */
export type Refusal = Extract<Outcome, { reason: string }>

export const isRefusal = (value: object): value is Refusal => 'reason' in value && 'kind' in value

/** An answer that has been looked at: the provider's own words are left to read. */
export type Heard = Extract<Answer, { kind: 'answered' }> & { said: string }

/** How long a provider has asked to be left alone. */
export class Pause {
  #untilMs = 0

  ask(seconds: number) {
    this.#untilMs = Math.max(this.#untilMs, performance.now() + seconds * 1000)
  }

  /** @returns what to answer instead of asking, while it lasts */
  get refusal(): Refusal | null {
    const seconds = Math.ceil((this.#untilMs - performance.now()) / 1000)
    return seconds > 0
      ? { kind: 'unreachable', reason: `it asked to be left alone for ${seconds} s more` }
      : null
  }
}

/**
 * What any provider's answer means before its words are read: 3xx, 401 and 403
 * are about our settings, 408, 425, 429 and 503 are for later, and after any other 5xx or
 * no answer nobody can tell what was done.
 */
export function heard(answer: Answer, pause: Pause, secrets: readonly string[]): Heard | Refusal {
  if (answer.kind === 'failed') {
    return { kind: answer.reached ? 'unanswered' : 'unreachable', reason: answer.reason }
  }
  const { status, headers, bytes } = answer
  const said = `${status} ${quoted(bytes.toString('utf8'), secrets)}`.trim()
  if (status >= 300 && status < 400) {
    return { kind: 'unreachable', reason: `${status}: it sends us to another address, which is not followed` }
  }
  if (status === 401 || status === 403) return { kind: 'unreachable', reason: said }
  if (status === 429) {
    const seconds = retryAfterSeconds(headers)
    pause.ask(Math.min(seconds ?? 0, MAX_PAUSE_SECONDS))
    return { kind: 'temporary', reason: seconds === null ? said : `429: it asks to wait ${seconds} s` }
  }
  if (LATER.includes(status)) return { kind: 'temporary', reason: said }
  if (status >= 500) return { kind: 'unanswered', reason: said }
  return { ...answer, said }
}

const LATER = [408, 425, 503]
const MAX_PAUSE_SECONDS = 3600
