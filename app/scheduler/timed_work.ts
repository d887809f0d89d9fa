import type { Instant } from '#shared/clock'

/** Something that could not be done at that instant, and why. */
export type Waiting = { action: number; claim: string; reason: string; until: Instant }
export type Failed = { work: string; id?: number; reason: string }

/** What one piece of work did; counts of zero may be left out. */
export type Outcome = { done?: Record<string, number>; deferred?: Waiting[]; failed?: Failed[] }

export interface TimedWork {
  name: string
  /** Does what is due at `at`. Safe when several processes run it, and when killed anywhere. */
  run(at: Instant, signal: AbortSignal): Promise<Outcome>
}
