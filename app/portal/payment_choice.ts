import type { Infer } from '@vinejs/vine/types'
import { parseEuros, sum, type Cents } from '#shared/money'
import { LEAST_PART_CENTS } from '#payments/actions/start_payment'
import type { Statement } from '#portal/statement'
import type { Problem } from '#portal/problems'
import type { paymentChoice } from '#portal/validators'

export type Chosen = { amountCents: Cents; invoiceIds: number[] }

/**
 * What the debtor chose to pay: everything, an amount, or the invoices they name
 * (which are then settled first, rule 26). Never more than what is due (rule 28).
 */
export function chosenPayment(
  { payableCents, openInvoices }: Pick<Statement, 'payableCents' | 'openInvoices'>,
  choice: Pick<Infer<typeof paymentChoice>, 'part' | 'amount' | 'invoices'>,
  money: (amount: Cents) => string
): Chosen | Problem {
  if (choice.part === 'all') return { amountCents: payableCents, invoiceIds: [] }
  if (choice.part === 'invoices') {
    const invoices = openInvoices.filter((invoice) => choice.invoices.includes(invoice.invoiceId))
    if (invoices.length === 0) return { field: 'invoices', key: 'invoices' }
    const chosenCents = sum(invoices.map((invoice) => invoice.totalCents))
    return {
      amountCents: Math.min(chosenCents, payableCents),
      invoiceIds: invoices.map((invoice) => invoice.invoiceId),
    }
  }
  const amountCents = parseEuros(choice.amount ?? '')
  const least = Math.min(LEAST_PART_CENTS, payableCents)
  if (amountCents === null) return { field: 'amount', key: 'amount_invalid' }
  if (amountCents < least) {
    return { field: 'amount', key: 'amount_too_small', values: { amount: money(least) } }
  }
  if (amountCents > payableCents) {
    return { field: 'amount', key: 'amount_too_large', values: { amount: money(payableCents) } }
  }
  return { amountCents, invoiceIds: [] }
}
