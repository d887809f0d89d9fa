import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { BankMatchSchema } from '#database/schema'
import Claim from '#claims/models/claim'
import Payment from '#payments/models/payment'
import BankLine from '#banking/models/bank_line'
import type { Strategy } from '#banking/matching/judge'

/** A part of a line: posted to a file, or, of money that the bank took back, taken from it. Undone once. */
export default class BankMatch extends BankMatchSchema {
  static override table = 'bank_matches'
  declare kind: 'payment' | 'return'
  declare strategy: Strategy | 'person'

  @belongsTo(() => BankLine, { foreignKey: 'lineId' })
  declare line: BelongsTo<typeof BankLine>

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>

  @belongsTo(() => Payment)
  declare payment: BelongsTo<typeof Payment>
}
