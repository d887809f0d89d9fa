import { belongsTo, manyToMany } from '@adonisjs/lucid/orm'
import type { BelongsTo, ManyToMany } from '@adonisjs/lucid/types/relations'
import { DisputeSchema } from '#database/schema'
import Claim from '#claims/models/claim'
import Invoice from '#claims/models/invoice'

export const DISPUTE_REASONS = [
  'already_paid',
  'wrong_amount',
  'service_not_right',
  'unknown_invoice',
  'too_old',
  'other',
] as const
export type DisputeReason = (typeof DISPUTE_REASONS)[number]

export const DISPUTE_OUTCOMES = ['upheld', 'rejected', 'withdrawn'] as const
export type DisputeOutcome = (typeof DISPUTE_OUTCOMES)[number]

/** What a debtor (or someone for them) does not agree with. Nothing leaves on the file until a person answers (rule 41). */
export default class Dispute extends DisputeSchema {
  static override table = 'disputes'
  declare reason: DisputeReason
  declare raisedBy: 'debtor' | 'user' | 'creditor'
  declare outcome: DisputeOutcome | null

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>

  /** Empty when the whole file is disputed. */
  @manyToMany(() => Invoice, { pivotTable: 'dispute_invoices' })
  declare invoices: ManyToMany<typeof Invoice>
}
