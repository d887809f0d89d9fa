import type { Cents } from '#shared/money'
import type { Owed } from '#claims/owed'

export type Part = 'interest' | 'principal' | 'indemnity'

/** What a payment settles: one line per invoice and part, never zero. */
export type AllocationLine = { invoiceId: number; part: Part; cents: Cents }

export type Allocation = {
  lines: AllocationLine[]
  interestCents: Cents
  principalCents: Cents
  indemnityCents: Cents
  /** What exceeds everything owed: isolated for refund (rule 30). */
  suspenseCents: Cents
}

/**
 * Allocates a payment over what is owed: the invoices the debtor chose first, in its order
 * (C. civ. 1342-10, rule 26), then the oldest due; inside each, in the order of the contract:
 * without one interest, then principal, then indemnity (C. civ. 1343-1, rule 25; the indemnity's
 * rank is unsettled in law). The lines and the suspense sum exactly to the payment.
 */
export function allocate(
  owed: Owed,
  paymentCents: Cents,
  chosenInvoiceIds: readonly number[] = []
): Allocation {
  const chosen = chosenInvoiceIds.flatMap((id) => owed.invoices.filter((line) => line.invoiceId === id))
  const others = owed.invoices.filter((line) => !chosen.includes(line))
  const lines: AllocationLine[] = []
  let left = paymentCents
  for (const invoice of [...chosen, ...others]) {
    const due = {
      interest: invoice.interestCents,
      principal: invoice.principalCents,
      indemnity: invoice.indemnityCents,
    }
    for (const part of owed.terms.allocationOrder.split('_') as Part[]) {
      const cents = Math.min(left, due[part])
      if (cents <= 0) continue
      lines.push({ invoiceId: invoice.invoiceId, part, cents })
      left -= cents
    }
  }
  const total = (part: Part) =>
    lines.filter((line) => line.part === part).reduce((all, line) => all + line.cents, 0)
  return {
    lines,
    interestCents: total('interest'),
    principalCents: total('principal'),
    indemnityCents: total('indemnity'),
    suspenseCents: left,
  }
}
