import { addWorkingDays } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'
import type PaymentAttempt from '#payments/models/payment_attempt'

/** Working days after the day of an instalment on which a refused charge is tried again. */
const RETRY_WORKING_DAYS = [2, 5] as const

/** Only the debtor can do something about these: to try again would be refused again. */
const FOR_THE_DEBTOR = new Set([
  'authentication_required',
  'expired_card',
  'resource_missing',
  'payment_method_unexpected_state',
  'payment_intent_mandate_invalid',
])

type Tried = Pick<PaymentAttempt, 'state' | 'failure'>

/** A charge that the bank refused, and not one that never reached it. */
export const isRefusal = ({ state, failure }: Tried) => state === 'failed' && failure !== null

/**
 * The day from which an instalment may be charged, given what was tried: its own, then two and five
 * working days after. What never reached the bank counts for nothing.
 *
 * @returns null when it may not be charged any more: the debtor pays by hand
 */
export function retryOn(dueOn: CivilDate, tries: readonly Tried[]): CivilDate | null {
  const refusals = tries.filter(isRefusal)
  if (refusals.length === 0) return dueOn
  if (refusals.some(({ failure }) => FOR_THE_DEBTOR.has(failure!))) return null
  const days = RETRY_WORKING_DAYS[refusals.length - 1]
  return days === undefined ? null : addWorkingDays(dueOn, days)
}
