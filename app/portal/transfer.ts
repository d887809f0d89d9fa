import type Agency from '#agency/models/agency'
import type Claim from '#claims/models/claim'
import { creditorReference, inGroupsOfFour } from '#shared/creditor_reference'
import { epcPayload } from '#shared/epc_transfer'
import type { Cents } from '#shared/money'
import { qrCode } from '#shared/qr_code'

export type TransferDetails = {
  amountCents: Cents
  holder: string
  iban: string
  bic: string | null
  reference: string
  qr: { viewBox: string; path: string }
}

/**
 * What a debtor copies or scans to pay by transfer, to the account that CPCE
 * R124-2 dedicates to creditors' money (rule 3). Null while it is not known.
 */
export function transferDetails(agency: Agency, claim: Claim, amountCents: Cents): TransferDetails | null {
  const { dedicatedIban: iban, dedicatedBic: bic, name: holder } = agency
  if (!iban) return null
  const reference = creditorReference(claim.ref)
  return {
    amountCents,
    holder,
    iban: inGroupsOfFour(iban),
    bic,
    reference: inGroupsOfFour(reference),
    qr: qrCode(epcPayload({ beneficiary: holder, iban, bic, amountCents, reference })),
  }
}
