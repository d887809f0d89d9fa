import { InvoiceSchema } from '#database/schema'

/** One row of the creditor's table; `number` may name several invoices, counted by `numberCount`. */
export default class Invoice extends InvoiceSchema {
  static override table = 'invoices'

  /** What was still unpaid when the creditor handed the invoice over, in cents. */
  get openingCents() {
    return this.amountCents - this.downPaymentCents
  }
}
