import { AgencySchema } from '#database/schema'
import type { CivilDate } from '#shared/clock'

/** What R124-2 of the CPCE asks for before any activity. */
export type LegalRequirement =
  'insurance_missing' | 'insurance_expired' | 'dedicated_account_missing' | 'declaration_missing'

/** The agency that runs this installation: one row. */
export default class Agency extends AgencySchema {
  static override table = 'agencies'

  /** The agency, or null before the first run. */
  static current() {
    return this.query().orderBy('id').first()
  }

  /** @throws before the first run */
  static currentOrFail() {
    return this.query().orderBy('id').firstOrFail()
  }

  /**
   * What forbids collecting on a day (CPCE R124-2): professional liability
   * insurance in force, an account only for funds received for creditors, a
   * declaration to the procureur. Empty when the agency may act.
   */
  legalGaps(on: CivilDate): LegalRequirement[] {
    const gaps: LegalRequirement[] = []
    if (!this.insurer || !this.insurancePolicy || !this.insuranceValidUntilOn) gaps.push('insurance_missing')
    else if (this.insuranceValidUntilOn < on || (this.insuranceValidFromOn ?? on) > on) {
      gaps.push('insurance_expired')
    }
    if (!this.dedicatedIban) gaps.push('dedicated_account_missing')
    if (!this.declarationOn || this.declarationOn > on) gaps.push('declaration_missing')
    return gaps
  }
}
