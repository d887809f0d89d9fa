import { createHash } from 'node:crypto'
import { Refusal } from './errors.js'

export interface Answer {
  status: number
  body: unknown
}

/**
 * Stripe's idempotency: the first answer of a key is kept and given again, 500s
 * included; another body under the same key is refused, and so is a second
 * request that arrives while the first is being worked.
 */
export class Idempotency {
  readonly #kept = new Map<string, { request: string; answer: Answer | null }>()

  /** @returns the answer and whether it is a replay */
  async once(
    key: string | null,
    request: string,
    work: () => Promise<Answer>
  ): Promise<{ answer: Answer; replayed: boolean }> {
    if (key === null) return { answer: await work(), replayed: false }
    const fingerprint = createHash('sha256').update(request).digest('hex')
    const present = this.#kept.get(key)
    if (present) {
      if (present.request !== fingerprint) throw otherBody(key)
      if (present.answer === null) throw inUse(key)
      return { answer: present.answer, replayed: true }
    }
    const entry = { request: fingerprint, answer: null as Answer | null }
    this.#kept.set(key, entry)
    try {
      entry.answer = await work()
      return { answer: entry.answer, replayed: false }
    } catch (error) {
      if (error instanceof Refusal && error.keptForKey) {
        entry.answer = { status: error.status, body: { error: error.body } }
      } else {
        this.#kept.delete(key)
      }
      throw error
    }
  }
}

const otherBody = (key: string) =>
  new Refusal(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  })

const inUse = (key: string) =>
  new Refusal(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key (${key}).`,
  })
