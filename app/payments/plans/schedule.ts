import { addDays, addMonths } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'

/** One date and one sum. */
export type Instalment = { seq: number; dueOn: CivilDate; amountCents: Cents }

/** The second instalment leaves a debtor this long at least after the first. */
const LEAST_GAP_DAYS = 10

/**
 * The first instalment at once, the others month by month on one day (1 to 28). They sum exactly to
 * the total (rule 29): all months are equal, and the first takes the cents that are left.
 *
 * @throws when there are more instalments than cents
 */
export function schedule(
  totalCents: Cents,
  { months, dayOfMonth, startOn }: { months: number; dayOfMonth: number; startOn: CivilDate }
): Instalment[] {
  const monthlyCents = Math.floor(totalCents / months)
  if (monthlyCents < 1) throw new RangeError(`${totalCents} cents cannot be paid in ${months} instalments`)
  const firstCents = totalCents - monthlyCents * (months - 1)
  const secondOn = nextDayOfMonth(dayOfMonth, addDays(startOn, LEAST_GAP_DAYS))
  return Array.from({ length: months }, (_, index) => ({
    seq: index + 1,
    dueOn: index === 0 ? startOn : addMonths(secondOn, index - 1),
    amountCents: index === 0 ? firstCents : monthlyCents,
  }))
}

/** The first such day on `from` or after. */
function nextDayOfMonth(dayOfMonth: number, from: CivilDate): CivilDate {
  const inMonth = `${from.slice(0, 8)}${String(dayOfMonth).padStart(2, '0')}`
  return inMonth >= from ? inMonth : addMonths(inMonth, 1)
}

export type Money = { on: CivilDate; cents: Cents }

/**
 * What money received since the agreement has covered of each instalment, in the order in which it
 * came: first those whose day has come, then the next one, and what is left shortens the plan from
 * its end. What exceeds them all covers nothing here.
 */
export function coverage(instalments: readonly Instalment[], received: readonly Money[]): Cents[] {
  const paid = instalments.map(() => 0)
  const open = (index: number) => instalments[index]!.amountCents - paid[index]!
  for (const { on, cents } of received) {
    let left = cents
    const cover = (index: number) => {
      const part = Math.min(left, open(index))
      paid[index]! += part
      left -= part
    }
    for (const [index, { dueOn }] of instalments.entries()) if (dueOn <= on) cover(index)
    const next = instalments.findIndex((_, index) => open(index) > 0)
    if (next !== -1) cover(next)
    for (let index = instalments.length - 1; index >= 0; index--) cover(index)
  }
  return paid
}

/**
 * True for money that only does what the plan says (rule 34): exactly the next instalment, or all
 * those whose day has come.
 */
export function isScheduled(
  instalments: readonly (Instalment & { paidCents: Cents })[],
  { on, cents }: Money
): boolean {
  const open = instalments
    .map(({ dueOn, amountCents, paidCents }) => ({ dueOn, cents: amountCents - paidCents }))
    .filter((one) => one.cents > 0)
  const due = sum(open.filter(({ dueOn }) => dueOn <= on).map((one) => one.cents))
  return cents === open[0]?.cents || (due > 0 && cents === due)
}
