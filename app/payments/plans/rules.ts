import { addDays } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import type Creditor from '#creditors/models/creditor'
import type { Instalment } from '#payments/plans/schedule'

/** U5: the plans that a creditor accepts beforehand. */
export type PlanRules = Pick<Creditor, 'plansAllowed' | 'minInstalmentCents' | 'maxMonths' | 'firstDueDays'>

/** The days of the month that a debtor may choose from. */
export const PLAN_DAYS = [5, 15, 28] as const

/** What a person may still look at; beyond, it is no plan any more. */
export const MOST_MONTHS = 36
const LEAST_MONTHS = 2

/** Nothing less can be charged to a card. */
const LEAST_INSTALMENT_CENTS = 100

/** In how many times a sum may be paid without asking anybody; empty when plans are not allowed. */
export function monthChoices(totalCents: Cents, rules: PlanRules): number[] {
  if (!rules.plansAllowed) return []
  const least = Math.max(rules.minInstalmentCents, LEAST_INSTALMENT_CENTS)
  const most = Math.min(rules.maxMonths, Math.floor(totalCents / least))
  return Array.from({ length: Math.max(0, most - LEAST_MONTHS + 1) }, (_, index) => index + LEAST_MONTHS)
}

/** In how many times a sum is paid with no more than so much per month, or null when that is no plan. */
export function monthsFor(totalCents: Cents, monthlyCents: Cents): number | null {
  if (monthlyCents < LEAST_INSTALMENT_CENTS) return null
  const months = Math.ceil(totalCents / monthlyCents)
  return isPlan(totalCents, months) ? months : null
}

/** True when a sum can be paid in so many times at all, whatever the creditor says. */
export const isPlan = (totalCents: Cents, months: number) =>
  Number.isInteger(months) &&
  months >= LEAST_MONTHS &&
  months <= MOST_MONTHS &&
  totalCents >= months * LEAST_INSTALMENT_CENTS

/** True when the creditor has accepted such a plan beforehand. */
export function isWithinRules(instalments: readonly Instalment[], rules: PlanRules): boolean {
  const [first, second] = instalments
  if (!rules.plansAllowed || !first || !second) return false
  return (
    instalments.length <= rules.maxMonths &&
    instalments.every(({ amountCents }) => amountCents >= rules.minInstalmentCents) &&
    second.dueOn <= addDays(first.dueOn, rules.firstDueDays)
  )
}

/** The last day for a promise that needs nobody's answer. */
export const latestPromise = (today: CivilDate, rules: PlanRules): CivilDate =>
  addDays(today, rules.firstDueDays)

/** What a discount in hundredths of a percent takes off, rounded down: never more than allowed. */
export const discountOf = (totalCents: Cents, bps: number): Cents =>
  Number((BigInt(totalCents) * BigInt(bps)) / 10_000n)
