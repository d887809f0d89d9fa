import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { SettlementOfferSchema } from '#database/schema'
import Claim from '#claims/models/claim'

/** So much by that day settles the file: the rest is given up (never before the money is there). */
export default class SettlementOffer extends SettlementOfferSchema {
  static override table = 'settlement_offers'
  declare state: 'open' | 'accepted' | 'expired' | 'cancelled'

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>
}
