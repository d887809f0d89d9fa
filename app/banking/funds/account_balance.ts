import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { AccountBalanceSchema } from '#database/schema'
import User from '#users/models/user'

/** What a person read of the dedicated account at the end of a day; the last one typed for a day counts. */
export default class AccountBalance extends AccountBalanceSchema {
  static override table = 'account_balances'
  declare source: 'typed'

  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>
}
