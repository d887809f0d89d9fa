import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { PromiseSchema } from '#database/schema'
import Claim from '#claims/models/claim'

/** A debtor's word: so much by that day. Reminders are held until then. */
export default class PromiseToPay extends PromiseSchema {
  static override table = 'promises'
  declare state: 'open' | 'kept' | 'broken' | 'cancelled'

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>
}
