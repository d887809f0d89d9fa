import { EreConsentSchema } from '#database/schema'

/** That a person agreed to be written to electronically, as it was recorded (rule 46). */
export default class EreConsent extends EreConsentSchema {
  static override table = 'ere_consents'
}
