import { addMilliseconds, clock, machineNow, type Instant } from '#shared/clock'
import { dialect, transaction } from '#shared/transaction'
import Delivery from '#deliveries/models/delivery'
import { openWays } from '#deliveries/drivers/registry'

/**
 * Takes the next row due at `at` for one worker. Of several workers each gets
 * another row: SQLite's transactions follow one another, PostgreSQL skips the
 * locked ones.
 *
 * @param key only that row
 *
 * @returns null when nothing is due
 */
export async function leaseNext(
  owner: string,
  at: Instant,
  leaseMs: number,
  shut: ReadonlySet<string>,
  key?: string
): Promise<Delivery | null> {
  const ways = openWays().filter((way) => !shut.has(way))
  if (ways.length === 0) return null
  return transaction(async (trx) => {
    const due = Delivery.query({ client: trx })
      .where('state', 'queued')
      .where('notBeforeAt', '<=', at)
      .whereRaw(`channel || coalesce(':' || route, '') in (${ways.map(() => '?').join(', ')})`, ways)
      .orderBy('notBeforeAt')
      .orderBy('id')
    if (key) due.where('key', key)
    if (dialect() === 'postgres') due.forUpdate().skipLocked()
    const delivery = await due.first()
    if (!delivery) return null
    return delivery
      .merge({
        state: 'leased',
        leaseOwner: owner,
        leasedUntilAt: addMilliseconds(machineNow(), leaseMs),
        updatedAt: clock.now(),
      })
      .save()
  })
}

/** The rows whose worker died or was frozen: their lease has run out. */
export async function expiredLeases(state: 'leased' | 'sending'): Promise<Delivery[]> {
  return Delivery.query()
    .where('state', state)
    .where('leasedUntilAt', '<', machineNow())
    .orderBy('id')
    .limit(500)
}
