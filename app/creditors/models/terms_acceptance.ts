import { TermsAcceptanceSchema } from '#database/schema'

/** R18: the proof that a creditor accepted the operating conditions, of which version, when and by whom. */
export default class TermsAcceptance extends TermsAcceptanceSchema {
  static override table = 'terms_acceptances'
}
