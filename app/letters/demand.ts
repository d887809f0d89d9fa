import { addDays } from '#shared/calendar'
import { sum } from '#shared/money'
import type { CivilDate } from '#shared/clock'
import { assertRatesKnown, dailyIncrement, fallenDue, type InvoiceOwed, type Owed } from '#claims/owed'
import type { Demand, DemandedInvoice, RatePeriod } from '#letters/letter_content'

/**
 * What a letter asks for, from what is owed. Invoices paid in full are left out, and so are
 * those whose due date is not past: nobody is in default on them.
 *
 * @throws MissingRateError rather than state a sum without its interest (rule 17)
 */
export function demandFrom(owed: Owed): Demand {
  assertRatesKnown(owed)
  const { principalCents, interestCents, indemnityCents, totalCents, invoices } = fallenDue(owed)
  const due = invoices.filter((invoice) => invoice.totalCents > 0)
  return {
    regime: owed.regime,
    principalCents,
    interestCents,
    indemnityCents,
    totalCents,
    invoiceCount: due.reduce((count, invoice) => count + invoice.numberCount, 0),
    invoices: due.map(demandedInvoice),
    rates: ratePeriods(due),
    dailyCents: dailyIncrement(owed, due) || null,
    dayCount: owed.terms.dayCount,
    isContractual: owed.regime === 'late_payment' && owed.terms.rateBps !== null,
  }
}

const demandedInvoice = (invoice: InvoiceOwed): DemandedInvoice => ({
  number: invoice.number,
  description: invoice.description,
  issuedOn: invoice.issuedOn,
  dueOn: invoice.dueOn,
  amountCents: invoice.amountCents,
  paidCents: sum([
    invoice.downPaymentCents,
    invoice.paidPrincipalCents,
    invoice.creditedCents,
    invoice.waivedCents,
  ]),
  principalCents: invoice.principalCents,
  interestDays: invoice.segments.reduce((days, segment) => days + segment.days, 0),
  interestCents: invoice.interestCents,
})

/** The rates that applied, oldest first; neighbours with the same rate are one period. */
export function ratePeriods(invoices: readonly InvoiceOwed[]): RatePeriod[] {
  const segments = invoices
    .flatMap((invoice) => invoice.segments)
    .toSorted((a, b) => (a.after < b.after ? -1 : a.after > b.after ? 1 : 0))
  const periods: RatePeriod[] = []
  for (const { after, until, rateBps } of segments) {
    const last = periods.at(-1)
    if (last?.rateBps === rateBps) last.untilOn = later(last.untilOn, until)
    else if (!last || until > last.untilOn)
      periods.push({ rateBps, fromOn: addDays(after, 1), untilOn: until })
  }
  return periods
}

const later = (a: CivilDate, b: CivilDate) => (a > b ? a : b)
