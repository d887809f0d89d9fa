import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { RemittanceMovementSchema } from '#database/schema'
import Remittance from '#banking/remittances/models/remittance'

/** A line of the dedicated account that is a remittance leaving it, or coming back: once for each transfer. */
export default class RemittanceMovement extends RemittanceMovementSchema {
  static override table = 'remittance_movements'
  declare kind: 'paid' | 'returned'

  @belongsTo(() => Remittance)
  declare remittance: BelongsTo<typeof Remittance>
}
