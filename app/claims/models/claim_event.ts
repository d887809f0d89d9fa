import { ClaimEventSchema } from '#database/schema'

/** Something that happened on a file. Append-only; its words are in the `events` language files. */
export default class ClaimEvent extends ClaimEventSchema {
  static override table = 'claim_events'
  declare actor: 'system' | 'user' | 'debtor' | 'creditor' | 'provider'
}
