import { DateTime } from 'luxon'
import { instantOf, parseInstant, type Instant } from '#shared/clock'

const YEAR_2000_SECONDS = 946_684_800

/** A provider's date: Unix seconds, or ISO 8601 (Paris time when it names no zone); null when it is neither. */
export function providerInstant(value: unknown): Instant | null {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,11}$/.test(value))) {
    const seconds = Number(value)
    return seconds > YEAR_2000_SECONDS && seconds < 1e11 ? instantOf(DateTime.fromSeconds(seconds)) : null
  }
  return typeof value === 'string' && value.length < 40 ? parseInstant(value) : null
}
