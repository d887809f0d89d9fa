import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ReceiptSchema } from '#database/schema'
import Payment from '#payments/models/payment'

/** The quittance of one payment (CPCE R124-6), numbered without gaps. */
export default class Receipt extends ReceiptSchema {
  static override table = 'receipts'

  @belongsTo(() => Payment)
  declare payment: BelongsTo<typeof Payment>
}
