import { addDays, addMonths } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'

/**
 * The last day to remit a sum to its creditor: a month after it was received (CPCE R124-6, rule 36),
 * or sooner when the mandate says so; null when no mandate says anything.
 */
export function remitBy(receivedOn: CivilDate, remittanceDays: number | null): CivilDate {
  const byLaw = addMonths(receivedOn, 1)
  if (remittanceDays === null) return byLaw
  const byMandate = addDays(receivedOn, remittanceDays)
  return byMandate < byLaw ? byMandate : byLaw
}
