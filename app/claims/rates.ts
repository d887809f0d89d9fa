import { addDays } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'

/** A half-year: `2026-S1`. */
export type Semester = string & { readonly nature?: 'semester' }

type PublishedRates = { particuliers: string; autres: string; ecb: string }

/**
 * Percent per year. `particuliers` and `autres`: the legal interest rate (CMF L313-2,
 * D313-1-A), chosen by the quality of the **creditor**. `ecb`: the ECB main refinancing
 * rate in force on the first day of the half-year; B2B late-payment interest is ecb + 10
 * points (C. com. L441-10 II).
 */
const PUBLISHED: Record<Semester, PublishedRates> = {
  '2023-S1': { particuliers: '4.47', autres: '2.06', ecb: '2.50' },
  '2023-S2': { particuliers: '6.82', autres: '4.22', ecb: '4.00' },
  '2024-S1': { particuliers: '8.01', autres: '5.07', ecb: '4.50' },
  '2024-S2': { particuliers: '8.16', autres: '4.92', ecb: '4.25' },
  '2025-S1': { particuliers: '7.21', autres: '3.71', ecb: '3.15' },
  '2025-S2': { particuliers: '6.65', autres: '2.76', ecb: '2.15' },
  '2026-S1': { particuliers: '6.67', autres: '2.62', ecb: '2.15' },
  '2026-S2': { particuliers: '6.84', autres: '2.75', ecb: '2.40' },
}

const ECB_MARGIN_BPS = 1000

/** C. com. L441-10 II: a contractual rate may not be below three times the legal one. */
export const LEAST_CONTRACTUAL_MULTIPLE = 3

/** `late_payment`: between professionals. The other two: legal interest, by the creditor's quality. */
export type InterestRegime = 'late_payment' | 'legal_professional' | 'legal_private'

/** A half-year without published rates. Nothing is extrapolated: the table must be completed. */
export class MissingRateError extends Error {
  constructor(readonly semester: Semester) {
    super(`No interest rate is recorded for ${semester}; add it to app/claims/rates.ts before computing.`)
  }
}

export function semesterOf(on: CivilDate): Semester {
  return `${on.slice(0, 4)}-S${on.slice(5, 7) <= '06' ? 1 : 2}`
}

/** The last day of a half-year. */
export function semesterEnd(semester: Semester): CivilDate {
  return semester.endsWith('S1') ? `${semester.slice(0, 4)}-06-30` : `${semester.slice(0, 4)}-12-31`
}

/** The first day of a half-year. */
export function semesterStart(semester: Semester): CivilDate {
  return semester.endsWith('S1') ? `${semester.slice(0, 4)}-01-01` : `${semester.slice(0, 4)}-07-01`
}

export const nextSemester = (semester: Semester) => semesterOf(addDays(semesterEnd(semester), 1))

/** The half-years whose rates are known, oldest first. */
export const KNOWN_SEMESTERS: readonly Semester[] = Object.keys(PUBLISHED).sort()

export const hasRates = (semester: Semester) => semester in PUBLISHED

/**
 * The yearly rate of a half-year in basis points (12.15 % is 1215).
 *
 * @throws MissingRateError rule 17: never extrapolated
 */
export function rateBps(regime: InterestRegime, semester: Semester): number {
  const rates = PUBLISHED[semester]
  if (!rates) throw new MissingRateError(semester)
  if (regime === 'late_payment') return toBps(rates.ecb) + ECB_MARGIN_BPS
  return toBps(regime === 'legal_professional' ? rates.autres : rates.particuliers)
}

/**
 * Rule 21: a contractual rate between professionals below three times the legal rate of that
 * half-year. It is flagged and never changed: only the creditor, or a judge, may.
 *
 * @returns null when the legal rate of the half-year is not known
 */
export function isBelowMinimum(contractualBps: number, semester: Semester): boolean | null {
  if (!hasRates(semester)) return null
  return contractualBps < LEAST_CONTRACTUAL_MULTIPLE * rateBps('legal_professional', semester)
}

function toBps(percent: string): number {
  const [whole, decimals = ''] = percent.split('.')
  return Number(whole) * 100 + Number(decimals.padEnd(2, '0'))
}
