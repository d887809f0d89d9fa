import limiter from '@adonisjs/limiter/services/main'
import { networkOf } from '#shared/network'

const CHECKS = { requests: 10, duration: '15 mins' } as const

/** A check costs a second of processor: ten in fifteen minutes from one network. */
export class VerificationLimit {
  #key: string

  constructor(address: string) {
    this.#key = `verify:${networkOf(address)}`
  }

  /** Counts one; false when there were too many. */
  async take(): Promise<boolean> {
    const { consumed } = await limiter.use(CHECKS).increment(this.#key)
    return consumed <= CHECKS.requests
  }
}
