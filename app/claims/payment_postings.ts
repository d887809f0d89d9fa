import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import type { Allocation } from '#claims/allocation'
import { PART_ACCOUNT, type Account, type NewPosting } from '#claims/posting'

export type PaymentToPost = {
  id: number
  claimId: number
  amountCents: Cents
  receivedOn: CivilDate
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
  const receipts: [Account, Cents][] = [
    ['creditor_payable', settled],
    ['suspense', allocation.suspenseCents],
  ]
  for (const [credit, cents] of receipts) {
    if (cents === 0) continue
    postings.push({
      ...common,
      key: key(credit),
      kind: 'receipt',
      invoiceId: null,
      debit: 'client_funds',
      credit,
      cents,
      reason: 'payment',
    })
  }
  return postings
}
