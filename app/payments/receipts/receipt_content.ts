import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import Agency from '#agency/models/agency'
import type { Split } from '#claims/reversals'
import type { LetterAgency, LetterDebtor, LetterParty } from '#letters/letter_content'
import type { PaymentMethod } from '#payments/models/payment'
import type PaymentReturn from '#payments/models/payment_return'
import Receipt from '#payments/models/receipt'

/** Everything a receipt says, as plain data: the only input of its document. */
export interface ReceiptContent {
  number: string
  issuedOn: CivilDate
  receivedOn: CivilDate
  receivedCents: Cents
  /** The receipt that this one cancels because money went back (rule 32), and how much went in all. */
  replaces: { number: string; returnedCents: Cents; returnedOn: CivilDate } | null
  /** What is left of what was received. */
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
  const returns = await payment.related('returns').query().where('receiptId', '<=', receipt.id).orderBy('id')
  const left = (part: keyof Split | 'amountCents') =>
    payment[part] - sum(returns.map((returned) => returned[part]))
  const { claim } = payment
  const { creditor, debtor } = claim
  const agency = await Agency.currentOrFail()
  const [address] = debtor.addresses
  return {
    number: receipt.number,
    issuedOn: receipt.issuedOn,
    receivedOn: payment.receivedOn,
    receivedCents: payment.amountCents,
    replaces: await replacedBy(receipt, returns),
    amountCents: left('amountCents'),
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
    principalCents: left('principalCents'),
    interestCents: left('interestCents'),
    indemnityCents: left('indemnityCents'),
    suspenseCents: left('suspenseCents'),
    remainingCents: receipt.remainingCents,
  }
}

async function replacedBy({ replacesId }: Receipt, returns: readonly PaymentReturn[]) {
  const last = returns.at(-1)
  if (!replacesId || !last) return null
  const { number } = await Receipt.findOrFail(replacesId)
  const returnedCents = sum(returns.map(({ amountCents }) => amountCents))
  return { number, returnedCents, returnedOn: last.returnedOn }
}
