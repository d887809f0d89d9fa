import { belongsTo, hasOne } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasOne } from '@adonisjs/lucid/types/relations'
import { FeeInvoiceSchema } from '#database/schema'
import FeeSettlement from '#banking/fees/fee_settlement'
import Remittance from '#banking/remittances/models/remittance'

/** The agency's own invoice to a creditor for its fee, or a credit note when fees are given back; numbered without gaps. */
export default class FeeInvoice extends FeeInvoiceSchema {
  static override table = 'fee_invoices'

  @belongsTo(() => Remittance)
  declare remittance: BelongsTo<typeof Remittance>

  /** The one that stands: it is paid. */
  @hasOne(() => FeeSettlement, { onQuery: (query) => void query.whereNull('cancelled_at') })
  declare settlement: HasOne<typeof FeeSettlement>

  get totalCents() {
    return this.feeCents + this.vatCents
  }

  get isCreditNote() {
    return this.totalCents < 0
  }
}
