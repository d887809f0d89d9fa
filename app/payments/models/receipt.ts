import { belongsTo, hasOne } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasOne } from '@adonisjs/lucid/types/relations'
import { ReceiptSchema } from '#database/schema'
import Payment from '#payments/models/payment'

/**
 * The quittance of one payment (CPCE R124-6), numbered without gaps. When money went back, one more
 * says what is left of it, and `replacesId` names the one that is worth nothing any more (rule 32).
 */
export default class Receipt extends ReceiptSchema {
  static override table = 'receipts'

  @belongsTo(() => Payment)
  declare payment: BelongsTo<typeof Payment>

  /** The one that replaces it, if any. */
  @hasOne(() => Receipt, { foreignKey: 'replacesId' })
  declare replacement: HasOne<typeof Receipt>
}
