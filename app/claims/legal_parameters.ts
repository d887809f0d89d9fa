import type { CivilDate } from '#shared/clock'
import { INDEMNITY_CENTS } from '#claims/indemnity'
import { LIMITATION_PERIODS } from '#claims/limitation'
import { LONGEST_GRACE_MONTHS } from '#claims/models/grace_period'
import { KNOWN_SEMESTERS, LEAST_CONTRACTUAL_MULTIPLE, rateBps, type Semester } from '#claims/rates'

/** Rule 63: a number that the law sets, where it comes from and how well it was checked. */
export type LegalParameter = {
  name: string
  value: number
  unit: 'bps' | 'months' | 'cents' | 'times'
  source: string
  checkedOn: CivilDate
  validatedByCounsel: boolean
}

type Provenance = Pick<LegalParameter, 'source' | 'checkedOn' | 'validatedByCounsel'>

const CHECKED_ON: CivilDate = '2026-11-21'
const unvalidated = (source: string): Provenance => ({
  source,
  checkedOn: CHECKED_ON,
  validatedByCounsel: false,
})

const ARRETES: Record<Semester, string> = {
  '2026-S1': 'arrêté du 15 décembre 2025',
  '2026-S2': 'arrêté du 26 juin 2026 (rapporté)',
}

const legalRate = (semester: Semester, text: string) =>
  unvalidated(`CMF ${text}, ${ARRETES[semester] ?? 'taux publiés (source secondaire)'}`)

const rates = KNOWN_SEMESTERS.flatMap((semester): LegalParameter[] => [
  {
    name: `late_payment_rate:${semester}`,
    value: rateBps('late_payment', semester),
    unit: 'bps',
    ...unvalidated(
      'C. com. L441-10 II : taux de refinancement de la BCE au premier jour du semestre (rapporté) + 10 points'
    ),
  },
  {
    name: `legal_rate_professional:${semester}`,
    value: rateBps('legal_professional', semester),
    unit: 'bps',
    ...legalRate(semester, 'L313-2, D313-1-A, tous autres cas'),
  },
  {
    name: `legal_rate_private:${semester}`,
    value: rateBps('legal_private', semester),
    unit: 'bps',
    ...legalRate(semester, 'L313-2, D313-1-A, créances des particuliers'),
  },
])

const periods = Object.entries(LIMITATION_PERIODS).map(([basis, { months, source }]): LegalParameter => ({
  name: `limitation:${basis}`,
  value: months,
  unit: 'months',
  ...unvalidated(source),
}))

/** Every number of the law that amounts and limitation rest on. */
export const LEGAL_PARAMETERS: readonly LegalParameter[] = [
  ...rates,
  ...periods,
  { name: 'indemnity', value: INDEMNITY_CENTS, unit: 'cents', ...unvalidated('C. com. D441-5') },
  {
    name: 'least_contractual_rate',
    value: LEAST_CONTRACTUAL_MULTIPLE,
    unit: 'times',
    ...unvalidated('C. com. L441-10 II : trois fois le taux d’intérêt légal'),
  },
  {
    name: 'longest_grace',
    value: LONGEST_GRACE_MONTHS,
    unit: 'months',
    ...unvalidated('C. civ. 1343-5'),
  },
]
