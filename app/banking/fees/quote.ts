import type { Cents } from '#shared/money'

/** Files are told apart by these: how old the debt was when it was handed over, and its principal. */
export const AGE_BANDS = [90, 180, 365, null] as const
export const PRINCIPAL_BANDS: readonly (Cents | null)[] = [50_000, 200_000, 1_000_000, null]

/** What the agency did with files of one kind, one age and one size. */
export type Experience = {
  kind: 'b2b' | 'b2c'
  /** At most that old, in days; null is older than all. */
  ageDays: number | null
  /** At most that principal; null is more than all. */
  principalCents: Cents | null
  files: number
  entrustedCents: Cents
  collectedCents: Cents
}

export type Quote = Experience & {
  /** The share recovered, in basis points; null when nothing was entrusted. */
  recoveryBps: number | null
  /** What the mandate says. */
  gridBps: number
  /** What is proposed. */
  feeBps: number
  basis: 'history' | 'grid'
}

/** Fewer files than this say nothing of the next one. Policy of the product. */
export const ENOUGH_FILES = 30

const ROUND_TO_BPS = 50
const MOST_BPS = 5000

/**
 * The fee to propose for each kind of file (A6): success only, so that a euro entrusted brings the
 * agency the same whatever the file. It is the fee of the whole history times how much harder these
 * files are than all, to the nearest half point, between half and twice the mandate's own and never
 * above 50 %. The mandate's grid stands until there are enough files. Policy of the product.
 *
 * @param gridBps what the mandate says of such files
 */
export function quote(history: readonly Experience[], gridBps: (of: Experience) => number): Quote[] {
  const entrusted = history.reduce((total, one) => total + one.entrustedCents, 0)
  const collected = history.reduce((total, one) => total + one.collectedCents, 0)
  return history.map((one) => {
    const stated = gridBps(one)
    const known = { ...one, gridBps: stated, recoveryBps: share(one.collectedCents, one.entrustedCents) }
    if (one.files < ENOUGH_FILES || one.collectedCents <= 0 || collected <= 0)
      return { ...known, feeBps: stated, basis: 'grid' }
    const harder = (collected * one.entrustedCents) / (entrusted * one.collectedCents)
    const wanted = Math.round((stated * harder) / ROUND_TO_BPS) * ROUND_TO_BPS
    const most = Math.max(stated, Math.min(2 * stated, MOST_BPS))
    return { ...known, feeBps: Math.min(Math.max(wanted, Math.ceil(stated / 2)), most), basis: 'history' }
  })
}

const share = (part: Cents, whole: Cents) => (whole > 0 ? Math.round((part * 10_000) / whole) : null)
