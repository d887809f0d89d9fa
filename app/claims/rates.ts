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

/** Where the table comes from and how well it was checked (rule 63). */
export const RATES_PROVENANCE = {
  sources: {
    'legal rates 2023-S1 to 2025-S2': 'published tables, secondary source',
    'legal rates 2026-S1': 'arrêté du 15 décembre 2025',
    'legal rates 2026-S2': 'arrêté du 26 juin 2026 (reported)',
    ecb: 'reported',
  },
  checkedOn: '2026-11-21' as CivilDate,
  validatedByCounsel: false,
}

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

export const hasRates = (semester: Semester) => semester in PUBLISHED

/**
 * The yearly rate of a half-year in basis points (12.15 % is 1215).
 *
 * @throws MissingRateError rule 17: never extrapolated
 */
export function rateBps(regime: InterestRegime, semester: Semester): number {
  const rates = PUBLISHED[semester]
  if (!rates) throw new MissingRateError(semester)
  if (regime === 'late_payment') return toBps(rates.ecb) + 1000
  return toBps(regime === 'legal_professional' ? rates.autres : rates.particuliers)
}

function toBps(percent: string): number {
  const [whole, decimals = ''] = percent.split('.')
  return Number(whole) * 100 + Number(decimals.padEnd(2, '0'))
}
