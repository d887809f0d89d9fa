import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { TransferRefusalSchema } from '#database/schema'
import User from '#users/models/user'
import TransferOrder from '#banking/remittances/models/transfer_order'

/** A transfer to a creditor that the bank refused or sent back: what it was to pay is due again. */
export default class TransferRefusal extends TransferRefusalSchema {
  static override table = 'transfer_refusals'

  @belongsTo(() => TransferOrder, { foreignKey: 'orderId' })
  declare order: BelongsTo<typeof TransferOrder>

  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>
}
