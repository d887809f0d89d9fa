import { MailingFactSchema } from '#database/schema'
import type { MailingState, ProofKind } from '#registered_mail/providers/provider'

/** What somebody said of a mailing, as it was said. */
export default class MailingFact extends MailingFactSchema {
  static override table = 'mailing_facts'
  declare heardBy: 'webhook' | 'asking' | 'person'
  declare state: MailingState | null
  declare proof: ProofKind | null
}
