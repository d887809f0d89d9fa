import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import Agency from '#agency/models/agency'
import type { LetterAgency, LetterDebtor, LetterParty } from '#letters/letter_content'
import type { PaymentMethod } from '#payments/models/payment'
import Receipt from '#payments/models/receipt'

/** Everything a receipt says, as plain data: the only input of its document. */
export interface ReceiptContent {
  number: string
  issuedOn: CivilDate
  receivedOn: CivilDate
  amountCents: Cents
  method: PaymentMethod
  paymentRef: string
  claimRef: string
  agency: LetterAgency
  creditor: LetterParty
  debtor: Omit<LetterDebtor, 'address'> & { address: LetterDebtor['address'] | null }
  /** They sum exactly to the amount. */
  principalCents: Cents
  interestCents: Cents
  indemnityCents: Cents
  suspenseCents: Cents
  remainingCents: Cents
}

export async function receiptContent(receiptId: number): Promise<ReceiptContent> {
  const receipt = await Receipt.query()
    .where('id', receiptId)
    .preload('payment', (payment) =>
      payment.preload('claim', (claim) =>
        claim
          .preload('creditor')
          .preload('debtor', (debtor) =>
            debtor.preload('addresses', (addresses) =>
              addresses.whereNull('replacedAt').orderBy('id', 'desc')
            )
          )
      )
    )
    .firstOrFail()
  const { payment } = receipt
  const { claim } = payment
  const { creditor, debtor } = claim
  const agency = await Agency.currentOrFail()
  const [address] = debtor.addresses
  return {
    number: receipt.number,
    issuedOn: receipt.issuedOn,
    receivedOn: payment.receivedOn,
    amountCents: payment.amountCents,
    method: payment.method,
    paymentRef: payment.ref,
    claimRef: claim.ref,
    agency: {
      name: agency.name,
      legalForm: agency.legalForm,
      siren: agency.siren,
      addressLines: agency.addressLines,
      email: agency.email,
      phone: agency.phone,
      signatoryName: agency.signatoryName,
      signatoryTitle: agency.signatoryTitle,
    },
    creditor: { name: creditor.name, legalForm: creditor.legalForm, addressLines: creditor.addressLines },
    debtor: {
      kind: debtor.kind,
      civility: debtor.civility,
      fullName: debtor.fullName,
      companyName: debtor.companyName,
      address: address ?? null,
    },
    principalCents: payment.principalCents,
    interestCents: payment.interestCents,
    indemnityCents: payment.indemnityCents,
    suspenseCents: payment.suspenseCents,
    remainingCents: receipt.remainingCents,
  }
}
