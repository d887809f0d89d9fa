import { AgencySchema } from '#database/schema'
import { daysBetween } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'

/** What R124-2 of the CPCE asks for before any activity. */
export type LegalRequirement =
  'insurance_missing' | 'insurance_expired' | 'dedicated_account_missing' | 'declaration_missing'

/** One line of the R124-2 board. */
export type LegalCondition = {
  name: 'insurance' | 'account' | 'declaration'
  gap: LegalRequirement | null
  /** The document that shows it, when it was filed. */
  fileSha256: string | null
  filed: 'insurance' | 'declaration' | null
}

/** Renewing an insurance takes time: from here on the board says that it ends soon. */
const ENDS_SOON_DAYS = 45

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
    return this.legalBoard(on).flatMap(({ gap }) => (gap ? [gap] : []))
  }

  /** The three conditions of R124-2 on a day, met or not. */
  legalBoard(on: CivilDate): LegalCondition[] {
    const declared = this.declarationOn !== null && this.declarationOn <= on
    return [
      {
        name: 'insurance',
        gap: this.#insuranceGap(on),
        fileSha256: this.insuranceFileSha256,
        filed: 'insurance',
      },
      {
        name: 'account',
        gap: this.dedicatedIban ? null : 'dedicated_account_missing',
        fileSha256: null,
        filed: null,
      },
      {
        name: 'declaration',
        gap: declared ? null : 'declaration_missing',
        fileSha256: this.declarationFileSha256,
        filed: 'declaration',
      },
    ]
  }

  /** Days of insurance left when they are few, else null. */
  insuranceEndsInDays(on: CivilDate): number | null {
    if (!this.insuranceValidUntilOn || this.#insuranceGap(on)) return null
    const left = daysBetween(on, this.insuranceValidUntilOn)
    return left <= ENDS_SOON_DAYS ? left : null
  }

  #insuranceGap(on: CivilDate): LegalRequirement | null {
    if (!this.insurer || !this.insurancePolicy || !this.insuranceValidUntilOn) return 'insurance_missing'
    const inForce = this.insuranceValidUntilOn >= on && (this.insuranceValidFromOn ?? on) <= on
    return inForce ? null : 'insurance_expired'
  }
}
