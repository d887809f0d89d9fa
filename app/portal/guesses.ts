import limiter from '@adonisjs/limiter/services/main'
import { networkOf } from '#shared/network'

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
