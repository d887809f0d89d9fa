import { isIPv6 } from 'node:net'
import limiter from '@adonisjs/limiter/services/main'

const TRIES = { requests: 10, duration: '15 mins' } as const

/**
 * What counts as one address: an IPv4 one, or the /64 of an IPv6 one, for a
 * subscriber holds the whole of it and could change at each try.
 */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)
  if (mapped) return mapped[1]!
  if (!isIPv6(ip)) return ip
  const [head = [], tail = []] = ip.split('::').map((half) => half.split(':').filter(Boolean))
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0')
  return [...head, ...zeros, ...tail].slice(0, 4).join(':').toLowerCase()
}

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
