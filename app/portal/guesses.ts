import { isIPv6 } from 'node:net'
import limiter from '@adonisjs/limiter/services/main'

/** Nobody types a token; a few bad ones are a torn link, more are somebody trying. */
const GUESSES = { requests: 10, duration: '15 minutes' } as const

/**
 * Runs a lookup, counting only those that find nothing, by who asks. Each is
 * counted before it is tried, so that many at once gain nothing.
 *
 * @throws E_TOO_MANY_REQUESTS when too many found nothing; nothing more is tried
 */
export async function guarded<T>(address: string, look: () => Promise<T | null>): Promise<T | null> {
  const guesses = limiter.use(GUESSES)
  const key = `portal:${networkOf(address)}`
  await guesses.consume(key)
  const found = await look()
  if (found !== null) await guesses.decrement(key)
  return found
}

/** A home has one IPv4 address, or a whole /64 of IPv6. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '')
  return isIPv6(plain) ? `${expanded(plain).slice(0, 4).join(':')}::/64` : plain
}

function expanded(address: string): string[] {
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::')
  const [start, end] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [
    string[],
    string[],
  ]
  const gap = tail === undefined ? 0 : 8 - start.length - end.length
  return [...start, ...Array.from({ length: Math.max(0, gap) }, () => '0'), ...end].map((part) =>
    part.replace(/^0+(?=.)/, '')
  )
}
