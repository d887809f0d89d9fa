import { belongsTo, hasMany } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import { DebtorSchema } from '#database/schema'
import Creditor from '#creditors/models/creditor'
import Address from '#debtors/models/address'
import ContactPoint from '#debtors/models/contact_point'

/** Business (`b2b`) or consumer (`b2c`): decides interest, indemnity, templates and limitation (rule 57). */
export type DebtorKind = 'b2b' | 'b2c'

export default class Debtor extends DebtorSchema {
  static override table = 'debtors'
  declare kind: DebtorKind
  declare civility: 'Monsieur' | 'Madame' | null

  @belongsTo(() => Creditor)
  declare creditor: BelongsTo<typeof Creditor>

  @hasMany(() => Address)
  declare addresses: HasMany<typeof Address>

  @hasMany(() => ContactPoint)
  declare contactPoints: HasMany<typeof ContactPoint>

  /** The company for a business, else the person. */
  get displayName(): string {
    return this.companyName ?? this.fullName!
  }
}
