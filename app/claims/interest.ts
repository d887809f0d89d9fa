import { addDays, daysBetween } from '#shared/calendar'
import { divideHalfUp, type Cents } from '#shared/money'
import type { CivilDate } from '#shared/clock'
import { rateBps, semesterEnd, semesterOf, type InterestRegime, type Semester } from '#claims/rates'

/** A change of the principal; a payment on a day still leaves that day's interest due. */
export type PrincipalChange = { on: CivilDate; changeCents: number }

/** Interest of one half-year (or part of it) on an unchanged principal. */
export type InterestSegment = {
  semester: Semester
  /** Last day not counted, then last day counted. */
  after: CivilDate
  until: CivilDate
  days: number
  principalCents: Cents
  rateBps: number
}

export type InterestLine = { cents: Cents; segments: InterestSegment[] }

const DAYS_IN_YEAR = 365n
const BPS = 10_000n

/**
 * Simple interest on a principal, cut by half-year and by change of principal, ACT/365.
 *
 * `startsAfter` is excluded and `on` included: a debt due on the 20th and read on the 30th
 * bears 10 days. Each segment is an exact fraction; the sum is rounded half-up once
 * (law.md §2). Interest never bears interest (rule 23): only principal is given here.
 *
 * @throws MissingRateError when a half-year between the two dates has no rate (rule 17)
 */
export function interestOn(
  openingCents: Cents,
  changes: readonly PrincipalChange[],
  regime: InterestRegime,
  startsAfter: CivilDate,
  on: CivilDate
): InterestLine {
  const segments: InterestSegment[] = []
  const ordered = changes.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
  let principal = openingCents
  let after = startsAfter
  for (const change of ordered) {
    if (change.on > startsAfter) {
      const until = change.on < on ? change.on : on
      segments.push(...segmentsBetween(principal, regime, after, until))
      if (until > after) after = until
    }
    principal += change.changeCents
  }
  segments.push(...segmentsBetween(principal, regime, after, on))
  return { cents: roundedSum(segments), segments }
}

function segmentsBetween(
  principalCents: Cents,
  regime: InterestRegime,
  after: CivilDate,
  until: CivilDate
): InterestSegment[] {
  const segments: InterestSegment[] = []
  if (principalCents <= 0) return segments
  while (after < until) {
    const semester = semesterOf(addDays(after, 1))
    const end = semesterEnd(semester)
    const last = end < until ? end : until
    segments.push({
      semester,
      after,
      until: last,
      days: daysBetween(after, last),
      principalCents,
      rateBps: rateBps(regime, semester),
    })
    after = last
  }
  return segments
}

function roundedSum(segments: InterestSegment[]): Cents {
  const exact = segments.reduce(
    (total, { principalCents, rateBps: bps, days }) =>
      total + BigInt(principalCents) * BigInt(bps) * BigInt(days),
    0n
  )
  return Number(divideHalfUp(exact, BPS * DAYS_IN_YEAR))
}

/** What one more day adds, rounded half-up: for display only, never summed. */
export function dailyInterestCents(principalCents: Cents, regime: InterestRegime, on: CivilDate): Cents {
  const bps = rateBps(regime, semesterOf(addDays(on, 1)))
  return Number(divideHalfUp(BigInt(principalCents) * BigInt(bps), BPS * DAYS_IN_YEAR))
}
