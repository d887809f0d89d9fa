import { AsyncLocalStorage } from 'node:async_hooks'
import { DateTime } from 'luxon'

/** An instant: ISO 8601, UTC, milliseconds (`2026-11-22T13:14:39.000Z`). Sorts as text. */
export type Instant = string & { readonly nature?: 'instant' }

/** A civil date in France: `YYYY-MM-DD`. Sorts as text. */
export type CivilDate = string & { readonly nature?: 'civil date' }

export const PARIS = 'Europe/Paris'

const travelled = new AsyncLocalStorage<Instant>()

/**
 * The only source of now. Rules take "today" as an argument; what needs the
 * present asks here, so that `tick --at`, the demo and simulations can be elsewhere.
 */
export const clock = {
  now(): Instant {
    return travelled.getStore() ?? instantOf(DateTime.utc())
  },

  /** The civil date in Paris now. */
  today(): CivilDate {
    return civilDateAt(clock.now())
  },

  /** Runs `work` as if it were `instant`. */
  at<T>(instant: Instant, work: () => T): T {
    return travelled.run(instant, work)
  },
}

/**
 * The machine's own time, whatever moment is being played: leases and deadlines
 * between processes run on it, and nothing else.
 */
export function machineNow(): Instant {
  return instantOf(DateTime.utc())
}

/** The civil date in Paris at an instant. */
export function civilDateAt(instant: Instant): CivilDate {
  return DateTime.fromISO(instant).setZone(PARIS).toISODate()!
}

/** The instant at which a civil date begins in Paris, or `hour:minute` on that day. */
export function instantOn(on: CivilDate, hour = 0, minute = 0): Instant {
  return instantOf(DateTime.fromISO(on, { zone: PARIS }).set({ hour, minute }))
}

export function instantOf(moment: DateTime): Instant {
  return moment.toUTC().toISO({ includeOffset: true, suppressMilliseconds: false })!
}

export function addMinutes(instant: Instant, minutes: number): Instant {
  return instantOf(DateTime.fromISO(instant, { zone: 'utc' }).plus({ minutes }))
}

export function addMilliseconds(instant: Instant, milliseconds: number): Instant {
  return instantOf(DateTime.fromISO(instant, { zone: 'utc' }).plus({ milliseconds }))
}

/**
 * Reads an instant or a civil date given by a person (`--at`).
 *
 * @returns null when it is neither
 */
export function parseInstant(text: string): Instant | null {
  const moment = DateTime.fromISO(text, { zone: PARIS })
  return moment.isValid ? instantOf(moment) : null
}

/** True for an existing day written `YYYY-MM-DD`. */
export function isCivilDate(text: string): text is CivilDate {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text).isValid
}
