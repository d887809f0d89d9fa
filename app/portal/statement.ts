import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import { isPrescribed } from '#claims/limitation'
import type Claim from '#claims/models/claim'
import { dailyIncrement, fallenDue, loadOwed, type InvoiceOwed, type Owed } from '#claims/owed'
import { ratePeriods } from '#letters/demand'
import type { RatePeriod } from '#letters/letter_content'
import PaymentAttempt from '#payments/models/payment_attempt'

/**
 * Whether the page may ask for money. `upcoming`: no invoice has fallen due. `prescribed`: the
 * period has passed, so nothing is asked (rule 39). `closed`: the agency no longer follows the file.
 * `pending`: all is paid but the interest of a half-year whose rate is not published.
 */
export type Standing = 'due' | 'upcoming' | 'pending' | 'paid' | 'prescribed' | 'closed'

export type Statement = {
  standing: Standing
  on: CivilDate
  /** On the invoices that have fallen due: nothing is asked on the others. */
  owed: Owed
  /** What may be paid now: a debit that its bank is confirming already covers its part. */
  payableCents: Cents
  /** Invoices on which something is still due. */
  openInvoices: InvoiceOwed[]
  /** Those that fall due today or later: said, and not asked for. */
  upcomingInvoices: InvoiceOwed[]
  invoiceCount: number
  lateInvoiceCount: number
  hasDownPayments: boolean
  periods: RatePeriod[]
  /** What one more day adds, or null when nothing accrues or its rate is not known yet. */
  dailyCents: Cents | null
}

/** What a debtor's page says of their file on a day. Figures only; the words are the template's. */
export async function readStatement(claim: Claim, on: CivilDate): Promise<Statement> {
  const whole = await loadOwed(claim.id, on)
  const owed = fallenDue(whole)
  const debits = await PaymentAttempt.query().where('claimId', claim.id).where('state', 'processing')
  const underWayCents = sum(debits.map((debit) => debit.amountCents))
  const openInvoices = owed.invoices.filter((invoice) => invoice.totalCents > 0)
  const upcomingInvoices = whole.invoices.filter(({ totalCents, dueOn }) => totalCents > 0 && dueOn >= on)
  return {
    standing: standingOf(claim, owed, upcomingInvoices.length),
    on,
    owed,
    payableCents: Math.max(0, owed.totalCents - underWayCents),
    openInvoices,
    upcomingInvoices,
    invoiceCount: sum(openInvoices.map((invoice) => invoice.numberCount)),
    lateInvoiceCount: sum(openInvoices.filter((one) => one.indemnityCents > 0).map((one) => one.numberCount)),
    hasDownPayments: openInvoices.some((invoice) => invoice.downPaymentCents > 0),
    periods: ratePeriods(openInvoices),
    dailyCents: dailyIncrement(owed, openInvoices) || null,
  }
}

function standingOf(claim: Claim, owed: Owed, upcoming: number): Standing {
  if (claim.status === 'closed') return 'closed'
  if (claim.status === 'paid') return 'paid'
  if (owed.totalCents <= 0 && upcoming > 0) return 'upcoming'
  if (owed.totalCents <= 0) return owed.missingRates.length > 0 ? 'pending' : 'paid'
  return isPrescribed(claim.limitationOn, owed.on) ? 'prescribed' : 'due'
}
