import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { BankPeriodSchema } from '#database/schema'
import BankStatement from '#banking/models/bank_statement'

/** What a bank's file says of one account: its balances before and after some lines; either may be missing. */
export default class BankPeriod extends BankPeriodSchema {
  static override table = 'bank_periods'

  @belongsTo(() => BankStatement, { foreignKey: 'statementId' })
  declare statement: BelongsTo<typeof BankStatement>
}
