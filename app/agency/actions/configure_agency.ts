import Agency from '#agency/models/agency'
import { clock, type CivilDate } from '#shared/clock'
import { storeFile } from '#shared/files'
import { transaction } from '#shared/transaction'

type Bytes = Uint8Array

/** What may be set; what is absent stays, what is null is emptied. */
export type AgencySettings = {
  name?: string
  legalForm?: string | null
  siren?: string | null
  addressLines?: string[]
  email?: string | null
  phone?: string | null
  website?: string | null
  signatoryName?: string | null
  signatoryTitle?: string | null

  insurer?: string | null
  insurancePolicy?: string | null
  insuranceValidFromOn?: CivilDate | null
  insuranceValidUntilOn?: CivilDate | null
  dedicatedIban?: string | null
  dedicatedBic?: string | null
  declarationOn?: CivilDate | null

  emailRequired?: boolean
  mobileRequired?: boolean
  descriptionRequired?: boolean
  defaultPaymentTermDays?: number
  contactsPerWeek?: number
}

/** PDF copies of what R124-2 asks for. */
export type AgencyFiles = { insurance?: Bytes; declaration?: Bytes }

/** Sets the agency, and makes it the first time. */
export default class ConfigureAgency {
  /** @throws when the agency does not exist yet and the settings lack its name or address */
  async handle(settings: AgencySettings, files: AgencyFiles = {}): Promise<Agency> {
    return transaction(async (trx) => {
      const now = clock.now()
      const agency =
        (await Agency.query({ client: trx }).orderBy('id').first()) ??
        new Agency().useTransaction(trx).merge({ createdAt: now })
      agency.merge({ ...settings, updatedAt: now })
      if (!agency.name || !agency.addressLines) throw new Error('an agency needs a name and an address')
      if (files.insurance) {
        agency.insuranceFileSha256 = await storeFile(trx, files.insurance, 'application/pdf')
      }
      if (files.declaration) {
        agency.declarationFileSha256 = await storeFile(trx, files.declaration, 'application/pdf')
      }
      return agency.save()
    })
  }
}
