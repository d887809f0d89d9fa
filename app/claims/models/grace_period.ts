import { GracePeriodSchema } from '#database/schema'

/** C. civ. 1343-5: two years at the most. */
export const LONGEST_GRACE_MONTHS = 24

/** Time that a judge gave the debtor: no interest accrues and nothing leaves. */
export default class GracePeriod extends GracePeriodSchema {
  static override table = 'grace_periods'
}
