import type { Cents } from '#shared/money'

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
