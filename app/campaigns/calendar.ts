import { addDays, contactDayFrom, contactInstantFrom } from '#shared/calendar'
import { addMinutes, civilDateAt, instantOn, type CivilDate, type Instant } from '#shared/clock'

/** Product policy (law.md §4): contacts are counted over this many minutes. */
export const CAP_WINDOW_MINUTES = 7 * 24 * 60

/**
 * The day of each step of a campaign launched on a day: the scenario's day counted from
 * the launch, moved to the next day on which contact is allowed. Two steps of different
 * days never fall on the same one.
 *
 * @param days the scenario's days, ascending
 */
export function stepDates(days: readonly number[], launchedOn: CivilDate): CivilDate[] {
  const dates: CivilDate[] = []
  days.forEach((day, index) => {
    const wanted = addDays(launchedOn, day)
    const previous = dates[index - 1]
    if (previous === undefined || day === days[index - 1]) dates.push(previous ?? contactDayFrom(wanted))
    else dates.push(contactDayFrom(wanted > previous ? wanted : addDays(previous, 1)))
  })
  return dates
}

/** When the tick first looks at an action of that day: as it begins, so that the agenda is ready early. */
export const firstLookAt = (plannedOn: CivilDate): Instant => `${plannedOn}T00:00:00.000Z`

/** True while a person may be contacted (rule 13). */
export const isContactTime = (at: Instant) => contactInstantFrom(at) === at

/** When contact is next allowed on a later day: for what no waiting today will cure. */
export function nextContactDayAt(at: Instant): Instant {
  return contactInstantFrom(instantOn(addDays(civilDateAt(at), 1)))
}

/** When a person who was contacted at `contactedAt` has one contact less in the window, within hours. */
export const windowLeftAt = (contactedAt: Instant): Instant =>
  contactInstantFrom(addMinutes(contactedAt, CAP_WINDOW_MINUTES))

/** Contacts after this instant count against the cap at `at`. */
export const windowStartsAt = (at: Instant): Instant => addMinutes(at, -CAP_WINDOW_MINUTES)
