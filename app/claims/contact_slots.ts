import { DateTime } from 'luxon'
import { addDays, contactHours } from '#shared/calendar'
import { civilDateAt, instantOn, type CivilDate, type Instant } from '#shared/clock'
import { CALL_SLOTS, type CallSlot } from '#claims/models/debtor_request'

/** Hours of each part of a day, in Paris. A part is offered where it lies inside contact hours. */
const HOURS: Record<CallSlot, { from: number; until: number }> = {
  morning: { from: 9, until: 12 },
  midday: { from: 12, until: 14 },
  afternoon: { from: 14, until: 17 },
  evening: { from: 17, until: 19 },
}

/** Somebody needs time to see the request and take the telephone. */
const NOTICE_HOURS = 2

export type OfferedSlot = { on: CivilDate; slot: CallSlot; from: number; until: number }

export const slotHours = (slot: CallSlot) => HOURS[slot]

/**
 * When a debtor may ask to be called: whole parts of days inside contact hours
 * (law.md §4, rule 13), none on Sundays and public holidays.
 *
 * @param days how many days with hours are offered, the present one included
 */
export function offeredSlots(at: Instant, days = 5): OfferedSlot[] {
  const soonest = DateTime.fromISO(at).plus({ hours: NOTICE_HOURS })
  const offered: OfferedSlot[] = []
  for (let on = civilDateAt(at), found = 0; found < days; on = addDays(on, 1)) {
    const slots = slotsOn(on).filter(({ from }) => DateTime.fromISO(instantOn(on, from)) >= soonest)
    offered.push(...slots)
    if (slots.length > 0) found += 1
  }
  return offered
}

function slotsOn(on: CivilDate): OfferedSlot[] {
  const open = contactHours(on)
  if (!open) return []
  return CALL_SLOTS.map((slot) => ({ on, slot, ...HOURS[slot] })).filter(
    ({ from, until }) => from >= open.from && until <= open.until
  )
}
