import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import type { Allocation } from '#claims/allocation'
import { DIRECT, HELD, PART_ACCOUNT, type Account, type NewPosting } from '#claims/posting'

export type PaymentToPost = {
  id: number
  claimId: number
  amountCents: Cents
  receivedOn: CivilDate
  /** It went to the creditor's own account: it is neither held nor remitted. */
  isDirect?: boolean
  /** The invoices the debtor asked to pay first, in order. */
  chosenInvoiceIds?: readonly number[]
}

/** What the ledger writes of a payment: the interest and indemnity it settles, then the settling, then the money. */
export function paymentPostings(
  payment: PaymentToPost,
  allocation: Allocation,
  creditorId: number
): NewPosting[] {
  const common = {
    creditorId,
    claimId: payment.claimId,
    paymentId: payment.id,
    effectiveOn: payment.receivedOn,
  }
  const key = (name: string) => `payment:${payment.id}:${name}`
  const postings: NewPosting[] = []
  for (const { invoiceId, part, cents } of allocation.lines) {
    const account = PART_ACCOUNT[part]
    if (part !== 'principal') {
      postings.push({
        ...common,
        key: key(`accrual:${part}:${invoiceId}`),
        kind: 'accrual',
        invoiceId,
        debit: account,
        credit: 'creditor_claims',
        cents,
        reason: part,
      })
    }
    postings.push({
      ...common,
      key: key(`${part}:${invoiceId}`),
      kind: 'payment',
      invoiceId,
      debit: 'creditor_claims',
      credit: account,
      cents,
      reason: 'payment',
    })
  }
  const settled = payment.amountCents - allocation.suspenseCents
  const accounts = payment.isDirect ? DIRECT : HELD
  const receipts: [Account, Cents][] = [
    [accounts.settled, settled],
    [accounts.surplus, allocation.suspenseCents],
  ]
  for (const [credit, cents] of receipts) {
    if (cents === 0) continue
    postings.push({
      ...common,
      key: key(credit),
      kind: 'receipt',
      invoiceId: null,
      debit: accounts.money,
      credit,
      cents,
      reason: 'payment',
    })
  }
  return postings
}
