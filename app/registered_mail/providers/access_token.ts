import { isRefusal, type Refusal } from '#deliveries/drivers/refusal'

/** The provider said that the token is no good: what came with it was not taken. */
export interface Expired {
  kind: 'expired'
  said: string
}

/** Attempts once more, with a token asked for anew, when the first was refused. */
export async function renewedOnce<Answer extends { kind: string }>(
  attempt: () => Promise<Answer | Expired>
): Promise<Answer | Refusal> {
  const isExpired = (answer: Answer | Expired): answer is Expired => answer.kind === 'expired'
  const first = await attempt()
  if (!isExpired(first)) return first
  const second = await attempt()
  return isExpired(second) ? { kind: 'unreachable', reason: second.said } : second
}

export interface FreshToken {
  token: string
  lastsMs: number
}

/** A token that is asked for once, kept until shortly before it ends, and asked for anew when it is refused. */
export class AccessToken {
  #kept: { token: string; untilMs: number } | null = null
  #asking: Promise<string | Refusal> | null = null

  constructor(
    private readonly fetchToken: () => Promise<FreshToken | Refusal>,
    private readonly marginMs: number
  ) {}

  get(): Promise<string | Refusal> {
    if (this.#kept && performance.now() < this.#kept.untilMs) return Promise.resolve(this.#kept.token)
    this.#asking ??= this.#ask().finally(() => (this.#asking = null))
    return this.#asking
  }

  /** Somebody was told that this one is no good; another one may have been fetched meanwhile. */
  forget(token: string) {
    if (this.#kept?.token === token) this.#kept = null
  }

  async #ask(): Promise<string | Refusal> {
    const fresh = await this.fetchToken()
    if (isRefusal(fresh)) return { ...fresh, kind: 'unreachable' }
    const untilMs = performance.now() + Math.max(fresh.lastsMs - this.marginMs, fresh.lastsMs / 2)
    this.#kept = { token: fresh.token, untilMs }
    return fresh.token
  }
}
