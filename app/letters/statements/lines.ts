import { addDays } from '#shared/calendar'
import { formatDecimal } from '#shared/money'
import { segmentHundredths, type InterestSegment } from '#claims/interest'
import type { Owed } from '#claims/owed'
import { isBelowMinimum } from '#claims/rates'
import type { Statement } from '#claims/statement'

export type RateSource = 'ecb' | 'contract' | 'legal'

/** One line of a computation of interest, ready to be written. */
export type SegmentLine = ReturnType<typeof segmentLine>

/** Each invoice of a statement with the lines that make its interest. */
export const linesOf = ({ owed }: Statement) =>
  owed.invoices.map((invoice) => ({
    invoice,
    interestPaidCents: invoice.accruedCents - invoice.interestCents,
    segments: invoice.segments.map((segment) => segmentLine(segment, owed)),
  }))

function segmentLine(segment: InterestSegment, { regime, terms }: Owed) {
  const { semester, after, until, days, yearDays, principalCents, rateBps } = segment
  const isContractual = regime === 'late_payment' && terms.rateBps !== null
  const source: RateSource = regime !== 'late_payment' ? 'legal' : isContractual ? 'contract' : 'ecb'
  return {
    semester,
    fromOn: addDays(after, 1),
    untilOn: until,
    days,
    yearDays,
    principalCents,
    rateBps,
    source,
    /** Rule 21. */
    belowMinimum: isContractual && isBelowMinimum(rateBps, semester) === true,
    exact: fourDecimals(segmentHundredths(segment)),
  }
}

/** `67,2603` from hundredths of a cent. */
export function fourDecimals(hundredths: number): string {
  return `${formatDecimal(Math.floor(hundredths / 100))}${String(hundredths % 100).padStart(2, '0')}`
}
