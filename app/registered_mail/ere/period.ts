import { DateTime } from 'luxon'
import { addDays, contactDayFrom } from '#shared/calendar'
import { civilDateAt, instantOf, PARIS, type CivilDate, type Instant } from '#shared/clock'

/** CPCE R53-3, taken as the measure for an ERE too (rule 48): from the day after the notice. */
const DAYS_TO_ANSWER = 15

/** Days after the notice on which who has not answered is reminded: while there is time left to answer. */
const REMINDED_AFTER_DAYS = [5, 11]

/**
 * The instant before which an answer is in time. The day after the dispatch is the first of fifteen;
 * the last one ends, in Paris, where the sixteenth begins: a day of 23 or 25 hours counts as one.
 */
export function deadlineAfter(dispatchedAt: Instant): Instant {
  return instantOf(
    DateTime.fromISO(dispatchedAt)
      .setZone(PARIS)
      .startOf('day')
      .plus({ days: DAYS_TO_ANSWER + 1 })
  )
}

/** The last civil date on which to answer. */
export const lastDayBefore = (deadlineAt: Instant): CivilDate => addDays(civilDateAt(deadlineAt), -1)

/** How many reminders are due on a day, each on a day of contact and before the last one to answer. */
export function remindersDue(notifiedAt: Instant, deadlineAt: Instant, today: CivilDate): number {
  const sentOn = civilDateAt(notifiedAt)
  const last = lastDayBefore(deadlineAt)
  return REMINDED_AFTER_DAYS.map((days) => contactDayFrom(addDays(sentOn, days))).filter(
    (on) => on <= today && today <= last
  ).length
}
