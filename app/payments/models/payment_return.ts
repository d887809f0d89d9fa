import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { PaymentReturnSchema } from '#database/schema'
import Payment from '#payments/models/payment'
import Receipt from '#payments/models/receipt'

/** `correction`: a transfer was given to the wrong file. */
export type ReturnKind = 'refund' | 'chargeback' | 'correction'

/** What went back of a payment, with how it split and the receipt that replaces the former one (rule 32). */
export default class PaymentReturn extends PaymentReturnSchema {
  static override table = 'payment_returns'
  declare how: ReturnKind

  @belongsTo(() => Payment)
  declare payment: BelongsTo<typeof Payment>

  @belongsTo(() => Receipt)
  declare receipt: BelongsTo<typeof Receipt>
}
