import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { RemittanceLineSchema } from '#database/schema'
import Payment from '#payments/models/payment'
import Remittance from '#banking/remittances/models/remittance'

/** What a payment brings to a remittance, or takes from it when money went back since the last one. */
export default class RemittanceLine extends RemittanceLineSchema {
  static override table = 'remittance_lines'

  @belongsTo(() => Remittance)
  declare remittance: BelongsTo<typeof Remittance>

  @belongsTo(() => Payment)
  declare payment: BelongsTo<typeof Payment>
}
