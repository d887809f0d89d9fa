import { addMonths } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'
import { addMonthsSql } from '#shared/sql'
import type { DebtorKind } from '#debtors/models/debtor'

/**
 * Limitation periods (law.md §2). None is validated by counsel. `assumed` marks the shortest
 * period taken because the sector is unknown (rule 40), and is shown as an assumption.
 */
export const LIMITATION_PERIODS = {
  consumer: { months: 24, source: 'C. conso. L218-2', assumed: false },
  commercial: { months: 60, source: 'C. com. L110-4', assumed: false },
  goods_transport: { months: 12, source: 'C. com. L133-6', assumed: false },
  shortest_commercial: { months: 12, source: 'C. com. L133-6, secteur inconnu', assumed: true },
} as const

export type LimitationBasis = keyof typeof LIMITATION_PERIODS

export function limitationBasis(
  kind: DebtorKind,
  sector: 'general' | 'goods_transport' | null
): LimitationBasis {
  if (kind === 'b2c') return 'consumer'
  if (sector === 'general') return 'commercial'
  return sector === 'goods_transport' ? 'goods_transport' : 'shortest_commercial'
}

/**
 * The last day on which the debt may still be claimed, counted in full from `from`: the due
 * date, or the debtor's last acknowledgement or partial payment (C. civ. 2231, 2240). A letter
 * never moves it (rule 38).
 */
export function limitationOn(basis: LimitationBasis, from: CivilDate): CivilDate {
  return addMonths(from, LIMITATION_PERIODS[basis].months)
}

/**
 * The end of a period that a payment restarts in full (C. civ. 2240, 2231). One that has run out
 * is not restarted: paying a prescribed debt does not make the rest of it claimable again.
 */
export function restartedBy(endsOn: CivilDate, basis: LimitationBasis, paidOn: CivilDate): CivilDate {
  const restarted = limitationOn(basis, paidOn)
  return isPrescribed(endsOn, paidOn) || restarted < endsOn ? endsOn : restarted
}

/** `limitationOn` in SQL, for many claims at once: `from` is a column of civil dates. */
export const limitationOnSql = (basis: LimitationBasis, from: string) =>
  addMonthsSql(from, LIMITATION_PERIODS[basis].months)

export const limitationPeriod = (basis: LimitationBasis) => LIMITATION_PERIODS[basis]

/** True when outbound contact and the portal's demand must stop (rule 39). */
export const isPrescribed = (limitationEndsOn: CivilDate, on: CivilDate) => limitationEndsOn < on
