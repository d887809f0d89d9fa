import { belongsTo, hasMany } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import { CampaignSchema } from '#database/schema'
import Creditor from '#creditors/models/creditor'
import type { DebtorKind } from '#debtors/models/debtor'
import Action from '#campaigns/models/action'
import Scenario from '#campaigns/models/scenario'

/** A scenario launched on one creditor's files of one kind (R23). */
export default class Campaign extends CampaignSchema {
  static override table = 'campaigns'
  declare kind: DebtorKind
  declare state: 'running' | 'ended' | 'cancelled'

  @belongsTo(() => Creditor)
  declare creditor: BelongsTo<typeof Creditor>

  @belongsTo(() => Scenario)
  declare scenario: BelongsTo<typeof Scenario>

  @hasMany(() => Action)
  declare actions: HasMany<typeof Action>
}
