import { belongsTo, hasMany } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import { MailingSchema } from '#database/schema'
import Letter from '#letters/models/letter'
import MailingProof from '#registered_mail/models/mailing_proof'
import type { MailingKind, MailingState } from '#registered_mail/providers/provider'

/** What becomes of one letter that was sent, by hand or by a provider. */
export default class Mailing extends MailingSchema {
  static override table = 'mailings'
  declare kind: MailingKind
  declare state: MailingState

  @belongsTo(() => Letter)
  declare letter: BelongsTo<typeof Letter>

  @hasMany(() => MailingProof)
  declare proofs: HasMany<typeof MailingProof>
}
