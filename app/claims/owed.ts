import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { addDays } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import { termsOn, type AgreedTerms } from '#creditors/models/contract_term'
import {
  loadDebts,
  NO_END,
  type ClaimDebt,
  type InvoiceDebt,
  type InvoiceFacts,
  type Reduction,
} from '#claims/debts'
import { INDEMNITY_CENTS } from '#claims/indemnity'
import {
  dailyInterestCents,
  interestOn,
  type InterestLine,
  type InterestSegment,
  type InterestTerms,
  type Suspension,
} from '#claims/interest'
import {
  isBelowMinimum,
  MissingRateError,
  semesterStart,
  type InterestRegime,
  type Semester,
} from '#claims/rates'

export type InvoiceOwed = InvoiceFacts & {
  paidPrincipalCents: Cents
  /** What credit notes took off the principal (rule 27). */
  creditedCents: Cents
  /** Given up by a settlement. */
  waivedCents: Cents
  principalCents: Cents
  /** In all since the beginning, of which what is left to pay follows. */
  accruedCents: Cents
  interestCents: Cents
  /** Paid above what accrued, because a credit note took effect before that payment: it counts for the interest to come. */
  overpaidInterestCents: Cents
  indemnityCents: Cents
  totalCents: Cents
  segments: InterestSegment[]
}

export type Owed = {
  claimId: number
  on: CivilDate
  regime: InterestRegime
  principalCents: Cents
  interestCents: Cents
  indemnityCents: Cents
  paidCents: Cents
  totalCents: Cents
  invoices: InvoiceOwed[]
  /** What the contract says on that day: day count, rate, order of allocation. */
  terms: AgreedTerms & { id?: number }
  /** What judges had granted by that day. */
  grace: readonly Suspension[]
  /** The days of instalment plans, which bear no interest either; `NO_END` while one is under way. */
  planned: readonly Suspension[]
  /** A plan is under way: tomorrow adds nothing. */
  interestStopped: boolean
  /** Rule 21: half-years for which the contractual rate is below three times the legal rate. */
  belowMinimum: Semester[]
  /** Half-years without a rate. Interest then stops before the first, and letters refuse to state a sum. */
  missingRates: Semester[]
}

/**
 * What a claim owes at the end of a civil day, line by line, recomputed from the same
 * inputs for ever (rule 24): only what takes effect on that day or before counts. Principal,
 * interest and indemnity sum exactly to the total (rule 8).
 *
 * - Between professionals: interest at L441-10, or at the rate of the contract, from the day
 *   after the due date (rule 20) and 40 € per late invoice (rule 22).
 * - Otherwise: legal interest from the receipt of the formal notice (C. civ. 1231-6), nothing
 *   before (rule 19), no indemnity (rule 10), at the rate of the creditor's quality (rule 18).
 */
export function amountOwed(debt: ClaimDebt, on: CivilDate): Owed {
  const regime = regimeOf(debt)
  const terms = termsOn(debt.terms, on)
  const grace = graceOn(debt, on)
  const planned = plannedOn(debt, on)
  const interest = interestTerms(terms, [...grace, ...planned])
  const rule: Rule = { regime, on, noticeOn: debt.noticeReceivedOn, interest }
  const missing = new Set<Semester>()
  const invoices = debt.invoices
    .toSorted((a, b) => (a.dueOn === b.dueOn ? a.invoiceId - b.invoiceId : a.dueOn < b.dueOn ? -1 : 1))
    .map((invoice) => invoiceOwed(invoice, rule, missing))
  const interestStopped = planned.some(({ endsOn }) => endsOn === NO_END)
  const whole = { claimId: debt.claimId, on, regime, terms, grace, planned, interestStopped }
  return {
    ...whole,
    missingRates: [...missing],
    ...totals(invoices),
    paidCents: sum(debt.invoices.map((invoice) => paidUntil(invoice, on))),
    invoices,
    belowMinimum: regime === 'late_payment' ? belowMinimum(invoices, terms.rateBps) : [],
  }
}

/**
 * What a payment received on a day can settle: what was owed on that day, less what later
 * payments, written down before it, have already settled. Without this a transfer entered late
 * would pay twice what a card paid meanwhile.
 */
export function owedBefore(debt: ClaimDebt, receivedOn: CivilDate): Owed {
  const then = amountOwed(debt, receivedOn)
  const last = debt.invoices
    .flatMap((invoice) => [...invoice.principalChanges, ...invoice.interestPaid, ...invoice.indemnityPaid])
    .reduce((latest, { on }) => (on > latest ? on : latest), receivedOn)
  if (last === receivedOn) return then
  const since = new Map(amountOwed(debt, last).invoices.map((line) => [line.invoiceId, line]))
  const invoices = then.invoices.map((line) => {
    const left = since.get(line.invoiceId)!
    const principalCents = Math.min(line.principalCents, left.principalCents)
    const interestCents = Math.min(line.interestCents, left.interestCents)
    const indemnityCents = Math.min(line.indemnityCents, left.indemnityCents)
    const totalCents = principalCents + interestCents + indemnityCents
    return { ...line, principalCents, interestCents, indemnityCents, totalCents }
  })
  return { ...then, ...totals(invoices), invoices }
}

/** What a debtor may be asked for: nobody is in default on an invoice whose due date is not past. */
export function fallenDue(owed: Owed): Owed {
  const invoices = owed.invoices.filter(({ dueOn }) => dueOn < owed.on)
  return { ...owed, ...totals(invoices), invoices }
}

/** What a claim owes whose end left nothing to claim. */
export const nothingOwed = (debt: ClaimDebt, on: CivilDate): Owed => amountOwed({ ...debt, invoices: [] }, on)

/** @throws MissingRateError when interest could not be computed: no sum may then be demanded */
export function assertRatesKnown(owed: Owed) {
  const [semester] = owed.missingRates
  if (semester) throw new MissingRateError(semester)
}

/** What one more day adds to invoices that already bear interest; null when its rate is not known yet. */
export function dailyIncrement(owed: Owed, invoices: readonly InvoiceOwed[] = owed.invoices): Cents | null {
  const bearing = sum(
    invoices.filter(({ segments }) => segments.length > 0).map((invoice) => invoice.principalCents)
  )
  try {
    return dailyInterestCents(
      bearing,
      owed.regime,
      owed.on,
      interestTerms(owed.terms, [...owed.grace, ...owed.planned])
    )
  } catch (error) {
    if (error instanceof MissingRateError) return null
    throw error
  }
}

/** What one claim owes on a day. */
export async function loadOwed(claimId: number, on: CivilDate, client?: QueryClientContract): Promise<Owed> {
  const debts = await loadDebts([claimId], client)
  const debt = debts.get(claimId)
  if (!debt) throw new Error(`claim ${claimId} does not exist`)
  return amountOwed(debt, on)
}

/** The half-year whose missing rate keeps a claim's interest on a day from being known, or null. */
export async function unknownInterest(
  claimId: number,
  on: CivilDate,
  client?: QueryClientContract
): Promise<Semester | null> {
  const { missingRates } = await loadOwed(claimId, on, client)
  return missingRates[0] ?? null
}

export function regimeOf(debt: Pick<ClaimDebt, 'kind' | 'creditorProfessional'>): InterestRegime {
  if (!debt.creditorProfessional) return 'legal_private'
  return debt.kind === 'b2b' ? 'late_payment' : 'legal_professional'
}

/** What judges had granted by a day; one that was cancelled by then ends the day before. */
const graceOn = ({ grace }: ClaimDebt, on: CivilDate): Suspension[] =>
  grace
    .map(({ startsOn, endsOn, cancelledOn }) => {
      const last = cancelledOn && cancelledOn <= on ? addDays(cancelledOn, -1) : endsOn
      return { startsOn, endsOn: last < endsOn ? last : endsOn }
    })
    .filter(({ startsOn, endsOn }) => startsOn <= on && endsOn >= startsOn)

/** What plans stop, as it was known on that day: one still under way then has no end. */
const plannedOn = ({ planned }: ClaimDebt, on: CivilDate): Suspension[] =>
  planned
    .filter(({ startsOn, endsOn }) => startsOn <= addDays(on, 1) && endsOn >= startsOn)
    .map(({ startsOn, endsOn }) => ({ startsOn, endsOn: endsOn > on ? NO_END : endsOn }))

type Rule = { regime: InterestRegime; on: CivilDate; noticeOn: CivilDate | null; interest: InterestTerms }

const interestTerms = (
  { dayCount, rateBps }: Owed['terms'],
  suspensions: readonly Suspension[]
): InterestTerms => ({ dayCount, contractualBps: rateBps, suspensions })

function invoiceOwed(invoice: InvoiceDebt, rule: Rule, missing: Set<Semester>): InvoiceOwed {
  const { on } = rule
  const { principalChanges, interestPaid, indemnityPaid, ...facts } = invoice
  const changes = principalChanges.filter((change) => change.on <= on)
  const reducedBy = (by: Reduction['by']) =>
    0 - sum(changes.filter((change) => change.by === by).map(({ changeCents }) => changeCents))
  const opening = invoice.amountCents - invoice.downPaymentCents
  const paidPrincipalCents = reducedBy('payment')
  const creditedCents = reducedBy('credit_note')
  const waivedCents = reducedBy('waiver')
  // Below zero between a payment written down late and what had gone back before: nothing was owed then.
  const principalCents = Math.max(0, opening - paidPrincipalCents - creditedCents - waivedCents)
  const accrued = accrue(invoice, changes, rule, missing)
  const interestLeft = accrued.cents - paidBy(interestPaid, on)
  const interestCents = Math.max(0, interestLeft)
  const indemnity = isLate(invoice, changes, rule) ? INDEMNITY_CENTS * invoice.numberCount : 0
  const indemnityCents = Math.max(0, indemnity - paidBy(indemnityPaid, on))
  return {
    ...facts,
    paidPrincipalCents,
    creditedCents,
    waivedCents,
    principalCents,
    accruedCents: accrued.cents,
    interestCents,
    overpaidInterestCents: Math.max(0, -interestLeft),
    indemnityCents,
    totalCents: sum([principalCents, interestCents, indemnityCents]),
    segments: accrued.segments,
  }
}

/**
 * Rule 22: late between professionals, which is neither what was settled by its due date nor
 * what the creditor has since taken back in full.
 */
function isLate(invoice: InvoiceDebt, changes: readonly Reduction[], { regime, on }: Rule): boolean {
  if (regime !== 'late_payment' || invoice.dueOn >= on) return false
  const opening = invoice.amountCents - invoice.downPaymentCents
  const spared = changes.filter((change) => change.on <= invoice.dueOn || change.by === 'credit_note')
  return opening + sum(spared.map(({ changeCents }) => changeCents)) > 0
}

/** Up to the end of the last half-year whose rate is known: what is missing is told, never guessed. */
function accrue(
  invoice: InvoiceDebt,
  changes: readonly Reduction[],
  { regime, on, noticeOn, interest }: Rule,
  missing: Set<Semester>
): InterestLine {
  const startsAfter = interestStart(invoice, noticeOn, regime)
  if (!startsAfter) return NOTHING
  const opening = invoice.amountCents - invoice.downPaymentCents
  const until = (last: CivilDate) => interestOn(opening, changes, regime, startsAfter, last, interest)
  try {
    return until(on)
  } catch (error) {
    if (!(error instanceof MissingRateError)) throw error
    missing.add(error.semester)
    const lastKnown = addDays(semesterStart(error.semester), -1)
    return lastKnown > startsAfter ? until(lastKnown) : NOTHING
  }
}

const NOTHING: InterestLine = { cents: 0, segments: [] }

function interestStart(
  { dueOn }: InvoiceDebt,
  noticeOn: CivilDate | null,
  regime: InterestRegime
): CivilDate | null {
  if (regime === 'late_payment') return dueOn
  if (!noticeOn) return null
  return noticeOn > dueOn ? noticeOn : dueOn
}

function belowMinimum(invoices: readonly InvoiceOwed[], contractualBps: number | null): Semester[] {
  if (contractualBps === null) return []
  const semesters = new Set(invoices.flatMap(({ segments }) => segments.map(({ semester }) => semester)))
  return [...semesters].filter((semester) => isBelowMinimum(contractualBps, semester)).sort()
}

function totals(invoices: readonly InvoiceOwed[]) {
  const total = (part: 'principalCents' | 'interestCents' | 'indemnityCents' | 'totalCents') =>
    sum(invoices.map((line) => line[part]))
  return {
    principalCents: total('principalCents'),
    interestCents: total('interestCents'),
    indemnityCents: total('indemnityCents'),
    totalCents: total('totalCents'),
  }
}

const paidBy = (payments: { on: CivilDate; cents: Cents }[], on: CivilDate) =>
  sum(payments.filter((payment) => payment.on <= on).map((payment) => payment.cents))

const paidUntil = (invoice: InvoiceDebt, on: CivilDate) =>
  paidBy(invoice.interestPaid, on) +
  paidBy(invoice.indemnityPaid, on) -
  sum(
    invoice.principalChanges
      .filter((change) => change.on <= on && change.by === 'payment')
      .map((change) => change.changeCents)
  )
