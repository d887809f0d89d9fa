import { MailingProofSchema } from '#database/schema'
import type { ProofKind } from '#registered_mail/providers/provider'

/** What a provider certifies, stored by its hash (rule 49). */
export default class MailingProof extends MailingProofSchema {
  static override table = 'mailing_proofs'
  declare kind: ProofKind
}
