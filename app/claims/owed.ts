import db from '@adonisjs/lucid/services/db'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import type { DebtorKind } from '#debtors/models/debtor'
import { interestOn, type InterestSegment, type PrincipalChange } from '#claims/interest'
import { MissingRateError, type InterestRegime, type Semester } from '#claims/rates'

/** C. com. D441-5: once per late invoice, between professionals only (rule 22). */
const INDEMNITY_CENTS = 4000

/** Everything that decides what one invoice row owes, from the ledger. */
export type InvoiceDebt = {
  invoiceId: number
  number: string
  numberCount: number
  issuedOn: CivilDate
  dueOn: CivilDate
  description: string | null
  amountCents: Cents
  downPaymentCents: Cents
  /** Reductions of principal (negative) with the day they take effect. */
  principalChanges: PrincipalChange[]
  interestPaid: { on: CivilDate; cents: Cents }[]
  indemnityPaid: { on: CivilDate; cents: Cents }[]
}

export type ClaimDebt = {
  claimId: number
  kind: DebtorKind
  creditorProfessional: boolean
  noticeReceivedOn: CivilDate | null
  invoices: InvoiceDebt[]
}

export type InvoiceOwed = {
  invoiceId: number
  number: string
  numberCount: number
  issuedOn: CivilDate
  dueOn: CivilDate
  description: string | null
  amountCents: Cents
  downPaymentCents: Cents
  paidPrincipalCents: Cents
  principalCents: Cents
  interestCents: Cents
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
  /** Half-years without a rate. Interest is then left out, and letters refuse to state a sum. */
  missingRates: Semester[]
}

/**
 * What a claim owes at the end of a civil day, line by line, recomputed from the same
 * inputs for ever (rule 24). Principal, interest and indemnity sum exactly to the total
 * (rule 8).
 *
 * - Between professionals: interest at L441-10 from the day after the due date (rule 20) and
 *   40 € per late invoice (rule 22).
 * - Otherwise: legal interest from the receipt of the formal notice (C. civ. 1231-6), nothing
 *   before (rule 19), no indemnity (rule 10), at the rate of the creditor's quality (rule 18).
 */
export function amountOwed(debt: ClaimDebt, on: CivilDate): Owed {
  const regime = regimeOf(debt)
  const missing = new Set<Semester>()
  const invoices = debt.invoices
    .toSorted((a, b) => (a.dueOn === b.dueOn ? a.invoiceId - b.invoiceId : a.dueOn < b.dueOn ? -1 : 1))
    .map((invoice) => invoiceOwed(invoice, debt, regime, on, missing))
  const principalCents = sum(invoices.map((line) => line.principalCents))
  const interestCents = sum(invoices.map((line) => line.interestCents))
  const indemnityCents = sum(invoices.map((line) => line.indemnityCents))
  return {
    claimId: debt.claimId,
    on,
    regime,
    principalCents,
    interestCents,
    indemnityCents,
    paidCents: sum(debt.invoices.map((invoice) => paidUntil(invoice, on))),
    totalCents: sum([principalCents, interestCents, indemnityCents]),
    invoices,
    missingRates: [...missing],
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
    const principalCents = Math.max(0, Math.min(line.principalCents, left.principalCents))
    const interestCents = Math.min(line.interestCents, left.interestCents)
    const indemnityCents = Math.min(line.indemnityCents, left.indemnityCents)
    const totalCents = principalCents + interestCents + indemnityCents
    return { ...line, principalCents, interestCents, indemnityCents, totalCents }
  })
  return withInvoices(then, invoices)
}

/** What a debtor may be asked for: nobody is in default on an invoice whose due date is not past. */
export const fallenDue = (owed: Owed): Owed =>
  withInvoices(
    owed,
    owed.invoices.filter(({ dueOn }) => dueOn < owed.on)
  )

function withInvoices(owed: Owed, invoices: InvoiceOwed[]): Owed {
  const total = (part: 'principalCents' | 'interestCents' | 'indemnityCents' | 'totalCents') =>
    sum(invoices.map((line) => line[part]))
  return {
    ...owed,
    invoices,
    principalCents: total('principalCents'),
    interestCents: total('interestCents'),
    indemnityCents: total('indemnityCents'),
    totalCents: total('totalCents'),
  }
}

/** What a claim owes whose end left nothing to claim. */
export const nothingOwed = (debt: ClaimDebt, on: CivilDate): Owed => amountOwed({ ...debt, invoices: [] }, on)

/** @throws MissingRateError when interest could not be computed: no sum may then be demanded */
export function assertRatesKnown(owed: Owed) {
  const [semester] = owed.missingRates
  if (semester) throw new MissingRateError(semester)
}

/** The debts of many claims, in three queries. Unknown ids are absent from the map. */
export async function loadDebts(
  claimIds: readonly number[],
  client: QueryClientContract = db.connection()
): Promise<Map<number, ClaimDebt>> {
  const debts = new Map<number, ClaimDebt>()
  for (let start = 0; start < claimIds.length; start += 500) {
    await loadSlice(claimIds.slice(start, start + 500), client, debts)
  }
  return debts
}

/** What one claim owes on a day. */
export async function loadOwed(claimId: number, on: CivilDate, client?: QueryClientContract): Promise<Owed> {
  const debts = await loadDebts([claimId], client)
  const debt = debts.get(claimId)
  if (!debt) throw new Error(`claim ${claimId} does not exist`)
  return amountOwed(debt, on)
}

export function regimeOf(debt: Pick<ClaimDebt, 'kind' | 'creditorProfessional'>): InterestRegime {
  if (!debt.creditorProfessional) return 'legal_private'
  return debt.kind === 'b2b' ? 'late_payment' : 'legal_professional'
}

function invoiceOwed(
  invoice: InvoiceDebt,
  debt: ClaimDebt,
  regime: InterestRegime,
  on: CivilDate,
  missing: Set<Semester>
): InvoiceOwed {
  const late = invoice.dueOn < on
  const opening = invoice.amountCents - invoice.downPaymentCents
  const changes = invoice.principalChanges.filter((change) => change.on <= on)
  const changed = sum(changes.map((change) => change.changeCents))
  const startsAfter = interestStart(invoice, debt, regime)
  const accrued = startsAfter ? accrue(opening, changes, regime, startsAfter, on, missing) : NOTHING
  const indemnity = late && regime === 'late_payment' ? INDEMNITY_CENTS * invoice.numberCount : 0
  const principalCents = opening + changed
  const interestCents = Math.max(0, accrued.cents - paidBy(invoice.interestPaid, on))
  const indemnityCents = Math.max(0, indemnity - paidBy(invoice.indemnityPaid, on))
  return {
    invoiceId: invoice.invoiceId,
    number: invoice.number,
    numberCount: invoice.numberCount,
    issuedOn: invoice.issuedOn,
    dueOn: invoice.dueOn,
    description: invoice.description,
    amountCents: invoice.amountCents,
    downPaymentCents: invoice.downPaymentCents,
    paidPrincipalCents: changed === 0 ? 0 : -changed,
    principalCents,
    interestCents,
    indemnityCents,
    totalCents: sum([principalCents, interestCents, indemnityCents]),
    segments: accrued.segments,
  }
}

const NOTHING = { cents: 0, segments: [] as InterestSegment[] }

function interestStart(invoice: InvoiceDebt, debt: ClaimDebt, regime: InterestRegime): CivilDate | null {
  if (regime === 'late_payment') return invoice.dueOn
  if (!debt.noticeReceivedOn) return null
  return debt.noticeReceivedOn > invoice.dueOn ? debt.noticeReceivedOn : invoice.dueOn
}

function accrue(
  opening: Cents,
  changes: PrincipalChange[],
  regime: InterestRegime,
  startsAfter: CivilDate,
  on: CivilDate,
  missing: Set<Semester>
) {
  try {
    return interestOn(opening, changes, regime, startsAfter, on)
  } catch (error) {
    if (!(error instanceof MissingRateError)) throw error
    missing.add(error.semester)
    return NOTHING
  }
}

const paidBy = (payments: { on: CivilDate; cents: Cents }[], on: CivilDate) =>
  sum(payments.filter((payment) => payment.on <= on).map((payment) => payment.cents))

const paidUntil = (invoice: InvoiceDebt, on: CivilDate) =>
  paidBy(invoice.interestPaid, on) +
  paidBy(invoice.indemnityPaid, on) -
  sum(invoice.principalChanges.filter((change) => change.on <= on).map((change) => change.changeCents))

async function loadSlice(ids: readonly number[], client: QueryClientContract, debts: Map<number, ClaimDebt>) {
  const claims = await client
    .from('claims')
    .join('creditors', 'creditors.id', 'claims.creditor_id')
    .whereIn('claims.id', [...ids])
    .select('claims.id', 'claims.kind', 'claims.notice_received_on', 'creditors.professional')
  for (const row of claims) {
    debts.set(Number(row.id), {
      claimId: Number(row.id),
      kind: row.kind,
      creditorProfessional: Boolean(row.professional),
      noticeReceivedOn: row.notice_received_on,
      invoices: [],
    })
  }
  const byInvoice = new Map<number, InvoiceDebt>()
  const invoices = await client
    .from('invoices')
    .whereIn('claim_id', [...ids])
    .orderBy('id')
  for (const row of invoices) {
    const invoice: InvoiceDebt = {
      invoiceId: Number(row.id),
      number: row.number,
      numberCount: row.number_count,
      issuedOn: row.issued_on,
      dueOn: row.due_on,
      description: row.description,
      amountCents: Number(row.amount_cents),
      downPaymentCents: Number(row.down_payment_cents),
      principalChanges: [],
      interestPaid: [],
      indemnityPaid: [],
    }
    byInvoice.set(invoice.invoiceId, invoice)
    debts.get(Number(row.claim_id))?.invoices.push(invoice)
  }
  await loadSettlements(ids, client, byInvoice)
}

/** Payments and their reversals, per invoice; a reversal has the accounts swapped. */
async function loadSettlements(
  ids: readonly number[],
  client: QueryClientContract,
  byInvoice: Map<number, InvoiceDebt>
) {
  const rows = await client
    .from('postings as p')
    .leftJoin('postings as reversed', 'reversed.id', 'p.reverses_id')
    .whereIn('p.claim_id', [...ids])
    .whereNotNull('p.invoice_id')
    .whereNotIn('p.kind', ['opening', 'accrual'])
    .where((kept) => kept.whereNull('reversed.kind').orWhereNot('reversed.kind', 'accrual'))
    .orderBy('p.id')
    .select('p.invoice_id', 'p.debit_account', 'p.credit_account', 'p.amount_cents', 'p.effective_on')
  for (const row of rows) {
    const invoice = byInvoice.get(Number(row.invoice_id))
    if (!invoice) continue
    const reversed = row.credit_account === 'creditor_claims'
    const account: string = reversed ? row.debit_account : row.credit_account
    const cents = (reversed ? -1 : 1) * Number(row.amount_cents)
    const on: CivilDate = row.effective_on
    if (account === 'claim_principal') invoice.principalChanges.push({ on, changeCents: -cents })
    if (account === 'claim_interest') invoice.interestPaid.push({ on, cents })
    if (account === 'claim_indemnity') invoice.indemnityPaid.push({ on, cents })
  }
}
