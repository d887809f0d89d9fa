import { DateTime } from 'luxon'
import { onDemand } from '#shared/on_demand'
import { instantOf, PARIS, type CivilDate, type Instant } from '#shared/clock'

const holidaysByYear = new Map<number, Map<CivilDate, string>>()

/** It brings the calendars of the whole world. */
const Holidays = onDemand<typeof import('date-holidays').default>('date-holidays')

/** Adds civil days; negative goes back. */
export function addDays(on: CivilDate, days: number): CivilDate {
  return DateTime.fromISO(on).plus({ days }).toISODate()!
}

/** Adds civil months, staying inside the target month (31 January + 1 = 28 or 29 February). */
export function addMonths(on: CivilDate, months: number): CivilDate {
  return DateTime.fromISO(on).plus({ months }).toISODate()!
}

/** Days from `from` to `to`, negative when `to` is earlier. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return Math.round(DateTime.fromISO(to).diff(DateTime.fromISO(from), 'days').days)
}

/** The French public holiday on that day (metropolitan calendar), or null. */
export function publicHoliday(on: CivilDate): string | null {
  const year = Number(on.slice(0, 4))
  let days = holidaysByYear.get(year)
  if (!days) {
    const france = new (Holidays())('FR', { types: ['public'] })
    days = new Map(france.getHolidays(year).map(({ date, name }) => [date.slice(0, 10), name]))
    holidaysByYear.set(year, days)
  }
  return days.get(on) ?? null
}

const weekday = (on: CivilDate) => DateTime.fromISO(on).weekday

/** Monday to Friday, not a public holiday. */
export function isWorkingDay(on: CivilDate): boolean {
  return weekday(on) <= 5 && publicHoliday(on) === null
}

/** The `count`-th working day after `on` (R20: start within 3 working days). */
export function addWorkingDays(on: CivilDate, count: number): CivilDate {
  let day = on
  for (let left = count; left > 0;) {
    day = addDays(day, 1)
    if (isWorkingDay(day)) left -= 1
  }
  return day
}

/** `on` itself, or the next day on which contact is allowed (not Sunday, not a public holiday). */
export function contactDayFrom(on: CivilDate): CivilDate {
  let day = on
  while (contactHours(day) === null) day = addDays(day, 1)
  return day
}

/**
 * Contact hours of a day, in Paris: Monday to Friday 08:00–19:00, Saturday
 * 09:00–13:00, none on Sundays and public holidays. Product policy (law.md §4),
 * not a statutory timetable.
 */
export function contactHours(on: CivilDate): { from: number; until: number } | null {
  if (publicHoliday(on) !== null || weekday(on) === 7) return null
  return weekday(on) === 6 ? { from: 9, until: 13 } : { from: 8, until: 19 }
}

/** The first instant from `instant` on at which a person may be contacted; itself when now is allowed. */
export function contactInstantFrom(instant: Instant): Instant {
  const local = DateTime.fromISO(instant, { zone: PARIS })
  for (let offset = 0; ; offset++) {
    const day = local.plus({ days: offset })
    const hours = contactHours(day.toISODate()!)
    if (!hours) continue
    const opens = day.startOf('day').set({ hour: hours.from })
    const closes = day.startOf('day').set({ hour: hours.until })
    if (offset > 0 || local < opens) return instantOf(opens)
    if (local < closes) return instant
  }
}
