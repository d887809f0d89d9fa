import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import type { Semester } from '#claims/rates'
import type { Split } from '#claims/reversals'
import { loadParties, type Parties } from '#letters/parties'
import type { PaymentMethod } from '#payments/models/payment'
import type PaymentReturn from '#payments/models/payment_return'
import Receipt from '#payments/models/receipt'

/** Everything a receipt says, as plain data: the only input of its document. */
export interface ReceiptContent extends Parties {
  number: string
  issuedOn: CivilDate
  receivedOn: CivilDate
  receivedCents: Cents
  /** The receipt that this one cancels because money went back (rule 32), and how much went in all. */
  replaces: {
    number: string
    returnedCents: Cents
    returnedOn: CivilDate
    /** None of what went was given back: it never was this debtor's payment. */
    corrected: boolean
  } | null
  /** What is left of what was received. */
  amountCents: Cents
  method: PaymentMethod
  /** It went to the creditor's own account. */
  isDirect: boolean
  paymentRef: string
  claimRef: string
  /** They sum exactly to the amount. */
  principalCents: Cents
  interestCents: Cents
  indemnityCents: Cents
  suspenseCents: Cents
  remainingCents: Cents
  /** The half-year whose rate was not published on that day: its interest is not in what remains. */
  unknownInterest: Semester | null
}

export async function receiptContent(receiptId: number): Promise<ReceiptContent> {
  const receipt = await Receipt.query()
    .where('id', receiptId)
    .preload('payment', (payment) => payment.preload('claim'))
    .firstOrFail()
  const { payment } = receipt
  const returns = await payment.related('returns').query().where('receiptId', '<=', receipt.id).orderBy('id')
  const left = (part: keyof Split | 'amountCents') =>
    payment[part] - sum(returns.map((returned) => returned[part]))
  const replaces = await replacedBy(receipt, returns)
  return {
    ...(await loadParties(payment.claimId)),
    number: receipt.number,
    issuedOn: receipt.issuedOn,
    receivedOn: payment.receivedOn,
    receivedCents: payment.amountCents,
    replaces,
    amountCents: left('amountCents'),
    method: payment.method,
    isDirect: payment.isDirect,
    paymentRef: payment.ref,
    claimRef: payment.claim.ref,
    principalCents: left('principalCents'),
    interestCents: left('interestCents'),
    indemnityCents: left('indemnityCents'),
    suspenseCents: left('suspenseCents'),
    remainingCents: receipt.remainingCents,
    unknownInterest: receipt.missingSemester,
  }
}

async function replacedBy({ replacesId }: Receipt, returns: readonly PaymentReturn[]) {
  const last = returns.at(-1)
  if (!replacesId || !last) return null
  const { number } = await Receipt.findOrFail(replacesId)
  const returnedCents = sum(returns.map(({ amountCents }) => amountCents))
  const corrected = returns.every(({ how }) => how === 'correction')
  return { number, returnedCents, returnedOn: last.returnedOn, corrected }
}
