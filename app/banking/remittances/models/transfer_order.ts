import { hasMany } from '@adonisjs/lucid/orm'
import type { HasMany } from '@adonisjs/lucid/types/relations'
import { TransferOrderSchema } from '#database/schema'
import Remittance from '#banking/remittances/models/remittance'

/** One file of transfers for the bank (pain.001), kept as it was first written. */
export default class TransferOrder extends TransferOrderSchema {
  static override table = 'transfer_orders'

  @hasMany(() => Remittance, { foreignKey: 'orderId' })
  declare remittances: HasMany<typeof Remittance>
}
