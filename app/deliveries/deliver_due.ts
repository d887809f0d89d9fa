import { randomBytes } from 'node:crypto'
import app from '@adonisjs/core/services/app'
import { addMilliseconds, clock, type Instant } from '#shared/clock'
import type Delivery from '#deliveries/models/delivery'
import type { Sender } from '#deliveries/message'
import { reached } from '#deliveries/checkpoints'
import { driverOf } from '#deliveries/drivers/registry'
import type { Session } from '#deliveries/drivers/driver'
import { deliverOne } from '#deliveries/deliver_one'
import { leaseNext } from '#deliveries/lease'
import { recoverExpired } from '#deliveries/recover'
import { currentSender } from '#deliveries/sender'
import type { Fate } from '#deliveries/settlement'

export interface DeliverOptions {
  /** At most so many rows in this run; as many as its time allows by default. */
  limit?: number
  /** Parcels under way at the same time, each on a connection of its own. */
  lanes?: number
  leaseMs?: number
  /** Only the row of that key: somebody waits for it on a page. */
  key?: string
}

export type DeliverySummary = Record<Fate, number>

interface Run {
  owner: string
  at: Instant
  leaseMs: number
  sender: Sender
  left: number
  key: string | undefined
  endsAt: number
  /** Parcels in a row of which nobody can tell, by way. */
  silences: Map<string, number>
  /** Ways found unreachable: the rest of this run leaves them alone. */
  shut: Set<string>
  fates: DeliverySummary
  now(): Instant
}

/** A run takes nothing new after this time: what else the tick does, and the next run, wait for it. */
const LONGEST_RUN_MS = 60_000
const LANES = 4

/** Longer than any driver's deadline for one parcel. */
const LEASE_MS = 150_000

/** A server that has stopped answering must not make a whole campaign uncertain. */
const MOST_SILENCES = 3

let stopping = false
const running = new Set<Promise<unknown>>()

/** SIGTERM: the parcels under way end, no other begins. */
app.terminating(async () => {
  stopping = true
  await Promise.allSettled(running)
})

/**
 * Sends what is due at `at`, oldest first, until nothing is, `limit` is reached
 * or its time is over. Any number of processes may run it at once.
 *
 * @returns how many rows had which fate
 */
export async function deliverDue(at: Instant, options: DeliverOptions = {}): Promise<DeliverySummary> {
  const startedAt = performance.now()
  const run: Run = {
    owner: `${process.pid}:${randomBytes(8).toString('hex')}`,
    at,
    leaseMs: options.leaseMs ?? LEASE_MS,
    sender: await currentSender(),
    left: options.limit ?? Infinity,
    key: options.key,
    endsAt: startedAt + LONGEST_RUN_MS,
    silences: new Map(),
    shut: new Set(),
    fates: { sent: 0, failed: 0, uncertain: 0, cancelled: 0, deferred: 0, retried: 0, lost: 0 },
    now: () => addMilliseconds(at, Math.round(performance.now() - startedAt)),
  }
  const work = clock.at(at, async () => {
    if (!options.key) await recoverExpired(at)
    const lanes = Array.from({ length: options.lanes ?? (options.key ? 1 : LANES) }, () => workLane(run))
    await throwFirst(await Promise.allSettled(lanes))
  })
  running.add(work)
  try {
    await work
  } finally {
    running.delete(work)
  }
  return run.fates
}

async function workLane(run: Run) {
  const sessions = new Map<string, Session>()
  try {
    while (!stopping && run.left > 0 && performance.now() < run.endsAt) {
      run.left -= 1
      const delivery = await leaseNext(run.owner, run.at, run.leaseMs, run.shut, run.key)
      if (!delivery) return
      await reached('leased', delivery.id)
      await carry(delivery, run, sessions)
    }
  } finally {
    await Promise.all([...sessions.values()].map((session) => session.close()))
  }
}

async function carry(delivery: Delivery, run: Run, sessions: Map<string, Session>) {
  const { way } = delivery
  const driver = driverOf(delivery)!
  const session = sessions.get(way) ?? driver.open()
  sessions.set(way, session)
  const fate = await deliverOne(delivery, {
    driver,
    session: {
      send: async (parcel, mayLeave) => {
        const outcome = await session.send(parcel, mayLeave)
        const silences = outcome.kind === 'unanswered' ? (run.silences.get(way) ?? 0) + 1 : 0
        run.silences.set(way, silences)
        if (outcome.kind === 'unreachable' || silences >= MOST_SILENCES) run.shut.add(way)
        return outcome
      },
      close: () => session.close(),
    },
    sender: run.sender,
    leaseMs: run.leaseMs,
    now: run.now,
  })
  run.fates[fate] += 1
}

/** All lanes have ended; an unexpected error of one is not swallowed. */
async function throwFirst(results: PromiseSettledResult<void>[]) {
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
