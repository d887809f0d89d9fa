import logger from '@adonisjs/core/services/logger'
import { clock, type Instant } from '#shared/clock'
import type { Failed, Outcome, TimedWork, Waiting } from '#scheduler/timed_work'
import { TIMED_WORK } from '#scheduler/work'

export type Tick = { at: Instant; done: Record<string, number>; deferred: Waiting[]; failed: Failed[] }

export interface TickOptions {
  /** Goes on until a pass finds nothing more to do at that instant. */
  untilIdle?: boolean
  signal?: AbortSignal
  work?: readonly TimedWork[]
}

/** A pass that always finds something would be a defect; it is better said than endless. */
const MOST_PASSES = 10_000

/**
 * Does all time-driven work due at an instant, as if it were then. What one piece of work
 * cannot do never keeps the others from being done: it is logged and told in `failed`.
 */
export async function tick(at: Instant, options: TickOptions = {}): Promise<Tick> {
  const { untilIdle = false, signal = new AbortController().signal, work = TIMED_WORK } = options
  const total: Tick = { at, done: {}, deferred: [], failed: [] }
  await clock.at(at, async () => {
    for (let pass = 1; !signal.aborted; pass++) {
      const before = sumOf(total.done)
      for (const one of work) {
        if (signal.aborted) break
        add(total, await attempt(one, at, signal))
      }
      if (!untilIdle || sumOf(total.done) === before) break
      if (pass === MOST_PASSES) throw new Error(`the tick found work in each of ${MOST_PASSES} passes`)
    }
  })
  return total
}

async function attempt(work: TimedWork, at: Instant, signal: AbortSignal): Promise<Outcome> {
  try {
    return await work.run(at, signal)
  } catch (error) {
    logger.error({ err: error, work: work.name }, 'time-driven work failed')
    return { failed: [{ work: work.name, reason: (error as Error).message }] }
  }
}

function add(total: Tick, { done = {}, deferred = [], failed = [] }: Outcome) {
  for (const [name, count] of Object.entries(done)) total.done[name] = (total.done[name] ?? 0) + count
  for (const one of deferred) total.deferred.push(one)
  for (const one of failed) {
    if (!total.failed.some((known) => JSON.stringify(known) === JSON.stringify(one))) total.failed.push(one)
  }
}

const sumOf = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0)
