import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { DebtorRequestSchema } from '#database/schema'
import Claim from '#claims/models/claim'

/** Parts of a day in which a person may be called; see contact_slots.ts. */
export const CALL_SLOTS = ['morning', 'midday', 'afternoon', 'evening'] as const
export type CallSlot = (typeof CALL_SLOTS)[number]

/** Time, or a call: what a debtor asked for and a person answers. */
export default class DebtorRequest extends DebtorRequestSchema {
  static override table = 'debtor_requests'
  declare kind: 'time' | 'callback'
  declare slot: CallSlot | null

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>
}
