import limiter from '@adonisjs/limiter/services/main'
import { networkOf } from '#shared/network'

/** Nobody types a token; a few bad ones are a torn link, more are somebody trying. */
const GUESSES = { requests: 10, duration: '15 minutes' } as const

/** The last lookup asked for by each network; the next waits for it. */
const lastOf = new Map<string, Promise<unknown>>()

/**
 * Runs a lookup, counting only those that find nothing, by who asks. Those of
 * one network run one after the other: many at once gain nothing, and many good
 * links at once, from behind one address, are no guesses.
 *
 * @throws E_TOO_MANY_REQUESTS when too many found nothing; nothing more is tried
 */
export async function guarded<T>(address: string, look: () => Promise<T | null>): Promise<T | null> {
  const key = `portal:${networkOf(address)}`
  const turn = (lastOf.get(key) ?? Promise.resolve()).then(() => counted(key, look))
  const settled = turn.catch(() => {})
  lastOf.set(key, settled)
  try {
    return await turn
  } finally {
    if (lastOf.get(key) === settled) lastOf.delete(key)
  }
}

/** Counted before it is tried, which holds between processes too. */
async function counted<T>(key: string, look: () => Promise<T | null>): Promise<T | null> {
  const guesses = limiter.use(GUESSES)
  await guesses.consume(key)
  const found = await look()
  if (found !== null) await guesses.decrement(key)
  return found
}
