import { ImportRowSchema } from '#database/schema'
import type { Problem } from '#imports/problems'

/** A row of a creditor's table, as read and as understood. */
export default class ImportRow extends ImportRowSchema {
  static override table = 'import_rows'
  declare outcome: 'ready' | 'rejected' | 'set_aside'
  declare decision: 'leave' | 'take' | null
  declare kind: 'b2b' | 'b2c' | null

  get errors(): Problem[] {
    return this.problems.filter((problem) => problem.level === 'error')
  }

  /** What is due by the amount and the down payments, in cents; null when either is unknown. */
  get dueCents(): number | null {
    return this.amountCents === null || this.downPaymentCents === null
      ? null
      : this.amountCents - this.downPaymentCents
  }
}
