import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { CreditNoteSchema } from '#database/schema'
import Claim from '#claims/models/claim'

/** What the creditor took off its invoices (avoir): it reduces the principal, and is no payment (rule 27). */
export default class CreditNote extends CreditNoteSchema {
  static override table = 'credit_notes'

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>

  /** Of what it takes off, in the ledger. */
  get key() {
    return `credit_note:${this.id}`
  }
}
