import { parseEuros, type Cents } from '#shared/money'

/**
 * A band of a mandate's fee: debts at most that old when they were handed over, and files of at
 * most that principal; null is without end.
 */
export type FeeBand = { ageDays: number | null; principalCents: Cents | null; feeBps: number }

/** In the order they are tried: the first band that takes a file gives its rate. */
export type FeeGrid = readonly FeeBand[]

export type FeeTerms = { feeBps: number; feeGrid: FeeGrid | null }

/** The share of what is recovered on a file that the agency keeps or invoices, in basis points. */
export function feeBpsOf(
  { feeBps, feeGrid }: FeeTerms,
  file: { ageDays: number; principalCents: Cents }
): number {
  const takes = (band: FeeBand) =>
    (band.ageDays === null || file.ageDays <= band.ageDays) &&
    (band.principalCents === null || file.principalCents <= band.principalCents)
  return feeGrid?.find(takes)?.feeBps ?? feeBps
}

/** Rows as they are typed; a row with nothing typed is not there. */
export type TypedGrid = readonly { ageDays: string; principal: string; fee: string }[]

/** What no row of the grid can be longer than. */
const OLDEST_DAYS = 36_500

/** @returns null when a row cannot be read; an empty list without a row */
export function readFeeGrid(typed: TypedGrid): FeeGrid | null {
  const bands = typed
    .map((row) => ({ ageDays: row.ageDays.trim(), principal: row.principal.trim(), fee: row.fee.trim() }))
    .filter(({ ageDays, principal, fee }) => ageDays || principal || fee)
    .map(readBand)
  return bands.some((band) => band === null) ? null : (bands as FeeBand[])
}

function readBand({ ageDays, principal, fee }: TypedGrid[number]): FeeBand | null {
  const days = ageDays === '' ? null : Number(ageDays)
  const principalCents = principal === '' ? null : parseEuros(principal)
  const percent = parseEuros(fee)
  const isRead =
    percent !== null &&
    percent <= 10_000 &&
    (principal === '' || principalCents !== null) &&
    (days === null || (Number.isInteger(days) && days >= 0 && days <= OLDEST_DAYS))
  return isRead ? { ageDays: days, principalCents, feeBps: percent } : null
}
