import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { FeeInvoiceSchema } from '#database/schema'
import Remittance from '#banking/remittances/models/remittance'

/** The agency's own invoice to a creditor for its fee, or a credit note when fees are given back; numbered without gaps. */
export default class FeeInvoice extends FeeInvoiceSchema {
  static override table = 'fee_invoices'

  @belongsTo(() => Remittance)
  declare remittance: BelongsTo<typeof Remittance>

  get isCreditNote() {
    return this.feeCents + this.vatCents < 0
  }
}
