import { column } from '@adonisjs/lucid/orm'
import { ClaimEventSchema } from '#database/schema'
import { json } from '#shared/json'

/** Something that happened on a file. Append-only; its words are in the `events` language files. */
export default class ClaimEvent extends ClaimEventSchema {
  static override table = 'claim_events'
  declare actor: 'system' | 'user' | 'debtor' | 'creditor' | 'provider'

  @column(json<Record<string, string | number | boolean | null>>({}))
  declare detail: Record<string, string | number | boolean | null>
}
