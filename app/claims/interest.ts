import { addDays, daysBetween } from '#shared/calendar'
import { divideHalfUp, type Cents } from '#shared/money'
import type { CivilDate } from '#shared/clock'
import { rateBps, semesterEnd, semesterOf, type InterestRegime, type Semester } from '#claims/rates'
import type { DayCount } from '#creditors/models/contract_term'

/** A change of the principal; a payment on a day still leaves that day's interest due. */
export type PrincipalChange = { on: CivilDate; changeCents: number }

/** Days that bear no interest, first and last included: what a judge granted (C. civ. 1343-5). */
export type Suspension = { startsOn: CivilDate; endsOn: CivilDate }

/** What the contract and a judge change of the computation. */
export type InterestTerms = {
  dayCount: DayCount
  /** Instead of the statutory rate, between professionals. */
  contractualBps: number | null
  suspensions: readonly Suspension[]
}

export const STATUTORY: InterestTerms = { dayCount: 'ACT_365', contractualBps: null, suspensions: [] }

/** Interest of one half-year (or part of it) on an unchanged principal. */
export type InterestSegment = {
  semester: Semester
  /** Last day not counted, then last day counted. */
  after: CivilDate
  until: CivilDate
  days: number
  /** Days of the year they are counted over. */
  yearDays: number
  principalCents: Cents
  rateBps: number
}

export type InterestLine = { cents: Cents; segments: InterestSegment[] }

const BPS = 10_000n
/** A whole number of years of both lengths, so that segments add up without a fraction. */
const COMMON_YEAR = 365n * 366n

/**
 * Simple interest on a principal, cut by half-year and by change of principal.
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
  on: CivilDate,
  terms: InterestTerms = STATUTORY
): InterestLine {
  const segments: InterestSegment[] = []
  const ordered = changes.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
  const bear = (principal: Cents, from: CivilDate, until: CivilDate) => {
    for (const stretch of bearing(from, until, terms.suspensions)) {
      segments.push(...segmentsBetween(principal, regime, stretch, terms))
    }
  }
  let principal = openingCents
  let after = startsAfter
  for (const change of ordered) {
    if (change.on > startsAfter) {
      const until = change.on < on ? change.on : on
      bear(principal, after, until)
      if (until > after) after = until
    }
    principal += change.changeCents
  }
  bear(principal, after, on)
  return { cents: roundedSum(segments), segments }
}

type Stretch = { after: CivilDate; until: CivilDate }

/** What is left of a stretch of days once the suspended ones are taken out. */
function bearing(after: CivilDate, until: CivilDate, suspensions: readonly Suspension[]): Stretch[] {
  const stretches: Stretch[] = []
  let from = after
  for (const { startsOn, endsOn } of suspensions.toSorted((a, b) => (a.startsOn < b.startsOn ? -1 : 1))) {
    const lastBefore = addDays(startsOn, -1)
    if (endsOn <= from || lastBefore >= until) continue
    if (lastBefore > from) stretches.push({ after: from, until: lastBefore })
    from = endsOn
  }
  if (from < until) stretches.push({ after: from, until })
  return stretches
}

function segmentsBetween(
  principalCents: Cents,
  regime: InterestRegime,
  { after, until }: Stretch,
  terms: InterestTerms
): InterestSegment[] {
  const segments: InterestSegment[] = []
  if (principalCents <= 0) return segments
  for (let from = after; from < until;) {
    const semester = semesterOf(addDays(from, 1))
    const end = semesterEnd(semester)
    const last = end < until ? end : until
    segments.push({
      semester,
      after: from,
      until: last,
      days: daysBetween(from, last),
      yearDays: yearDays(terms.dayCount, semester),
      principalCents,
      rateBps: applicableBps(regime, semester, terms),
    })
    from = last
  }
  return segments
}

/** @throws MissingRateError */
function applicableBps(regime: InterestRegime, semester: Semester, { contractualBps }: InterestTerms) {
  if (regime === 'late_payment' && contractualBps !== null) return contractualBps
  return rateBps(regime, semester)
}

function yearDays(dayCount: DayCount, semester: Semester): number {
  const year = semester.slice(0, 4)
  return dayCount === 'ACT_ACT' ? daysBetween(`${year}-01-01`, `${Number(year) + 1}-01-01`) : 365
}

function roundedSum(segments: InterestSegment[]): Cents {
  const exact = segments.reduce(
    (total, segment) =>
      total +
      BigInt(segment.principalCents) *
        BigInt(segment.rateBps) *
        BigInt(segment.days) *
        (COMMON_YEAR / BigInt(segment.yearDays)),
    0n
  )
  return Number(divideHalfUp(exact, BPS * COMMON_YEAR))
}

/**
 * What one more day adds, rounded half-up: for display only, never summed.
 *
 * @throws MissingRateError
 */
export function dailyInterestCents(
  principalCents: Cents,
  regime: InterestRegime,
  on: CivilDate,
  terms: InterestTerms = STATUTORY
): Cents {
  return interestOn(principalCents, [], regime, on, addDays(on, 1), terms).cents
}

/** What one segment comes to, in hundredths of a cent: to be read beside the others, never summed. */
export function segmentHundredths({
  principalCents,
  rateBps: bps,
  days,
  yearDays: year,
}: InterestSegment): number {
  return Number(divideHalfUp(BigInt(principalCents) * BigInt(bps) * BigInt(days) * 100n, BPS * BigInt(year)))
}
