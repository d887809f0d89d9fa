import { belongsTo, hasMany } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import { ClaimSchema } from '#database/schema'
import Creditor from '#creditors/models/creditor'
import Debtor, { type DebtorKind } from '#debtors/models/debtor'
import Invoice from '#claims/models/invoice'
import ClaimEvent from '#claims/models/claim_event'
import Document from '#claims/models/document'

export const CLAIM_STATUSES = ['new', 'active', 'paused', 'disputed', 'paid', 'closed'] as const
export type ClaimStatus = (typeof CLAIM_STATUSES)[number]

/** A file (dossier): what one debtor owes one creditor. */
export default class Claim extends ClaimSchema {
  static override table = 'claims'
  declare kind: DebtorKind
  declare status: ClaimStatus

  @belongsTo(() => Creditor)
  declare creditor: BelongsTo<typeof Creditor>

  @belongsTo(() => Debtor)
  declare debtor: BelongsTo<typeof Debtor>

  @hasMany(() => Invoice)
  declare invoices: HasMany<typeof Invoice>

  @hasMany(() => ClaimEvent)
  declare events: HasMany<typeof ClaimEvent>

  @hasMany(() => Document)
  declare documents: HasMany<typeof Document>
}
