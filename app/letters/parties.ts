import Agency from '#agency/models/agency'
import Claim from '#claims/models/claim'
import type { LetterAgency, LetterDebtor, LetterParty } from '#letters/letter_content'

/** Who a paper is from, for and to; what is not known of the address leaves it out. */
export type Parties = {
  agency: LetterAgency
  creditor: LetterParty
  debtor: Omit<LetterDebtor, 'address'> & { address: LetterDebtor['address'] | null }
}

export const agencyOf = (agency: Agency): LetterAgency => ({
  ...partyOf(agency),
  siren: agency.siren,
  email: agency.email,
  phone: agency.phone,
  signatoryName: agency.signatoryName,
  signatoryTitle: agency.signatoryTitle,
})

export const partyOf = ({ name, legalForm, addressLines }: LetterParty): LetterParty => ({
  name,
  legalForm,
  addressLines,
})

/** Those of one file, as they are now. */
export async function loadParties(claimId: number): Promise<Parties> {
  const claim = await Claim.query()
    .where('id', claimId)
    .preload('creditor')
    .preload('debtor', (debtor) =>
      debtor.preload('addresses', (addresses) => addresses.whereNull('replacedAt').orderBy('id', 'desc'))
    )
    .firstOrFail()
  const agency = await Agency.currentOrFail()
  const { creditor, debtor } = claim
  const [address] = debtor.addresses
  return {
    agency: agencyOf(agency),
    creditor: partyOf(creditor),
    debtor: {
      kind: debtor.kind,
      civility: debtor.civility,
      fullName: debtor.fullName,
      companyName: debtor.companyName,
      address: address ?? null,
    },
  }
}
