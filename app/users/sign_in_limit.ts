import limiter from '@adonisjs/limiter/services/main'
import { networkOf } from '#shared/network'

const TRIES = { requests: 10, duration: '15 mins' } as const

/**
 * At most ten tries in fifteen minutes for an account, and from an address,
 * whatever the request says about itself. A try is counted before the password
 * is looked at, so many at once do not slip through; a success is given back.
 */
export class SignInLimit {
  #limiter = limiter.use(TRIES)
  #keys: string[]

  constructor(account: string, ip: string) {
    this.#keys = [`sign-in:account:${account.trim().toLowerCase()}`, `sign-in:from:${networkOf(ip)}`]
  }

  /** Counts a try; false when there were too many. */
  async take(): Promise<boolean> {
    const counts = await Promise.all(this.#keys.map((key) => this.#limiter.increment(key)))
    return counts.every((count) => count.consumed <= TRIES.requests)
  }

  /** The try was good: the account starts afresh, and the address gets its try back. */
  async giveBack() {
    const [account, from] = this.#keys as [string, string]
    await Promise.all([this.#limiter.delete(account), this.#limiter.decrement(from)])
  }
}
