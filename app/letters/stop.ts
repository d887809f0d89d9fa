import type { CivilDate } from '#shared/clock'
import type { ClaimStatus } from '#claims/models/claim'

/** Why a file gets no letter any more, as `letters.failure` words it. */
export type Stop = 'claim_paid' | 'claim_closed' | 'claim_disputed' | 'claim_paused' | 'claim_prescribed'

const STOPS: Partial<Record<ClaimStatus, Stop>> = {
  paid: 'claim_paid',
  closed: 'claim_closed',
  disputed: 'claim_disputed',
  paused: 'claim_paused',
}

/** U3, rules 39 and 41: what forbids a letter on a file on a day; null when nothing does. */
export function stopOf(claim: { status: ClaimStatus; limitationOn: CivilDate }, on: CivilDate): Stop | null {
  return STOPS[claim.status] ?? (claim.limitationOn < on ? 'claim_prescribed' : null)
}
