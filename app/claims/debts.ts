import db from '@adonisjs/lucid/services/db'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { addDays } from '#shared/calendar'
import { civilDateAt, type CivilDate, type Instant } from '#shared/clock'
import type { Cents } from '#shared/money'
import type { TermsInForce } from '#creditors/models/contract_term'
import type { DebtorKind } from '#debtors/models/debtor'
import type { PrincipalChange, Suspension } from '#claims/interest'

/**
 * A payment (with what went back of it), a credit note (with its cancellation), or what the
 * creditor gave up by a settlement.
 */
export type Reduction = PrincipalChange & { by: 'payment' | 'credit_note' | 'waiver' }

/** What the creditor says of one row of its table, which may name several invoices. */
export type InvoiceFacts = {
  invoiceId: number
  number: string
  numberCount: number
  issuedOn: CivilDate
  dueOn: CivilDate
  description: string | null
  amountCents: Cents
  downPaymentCents: Cents
}

/** Everything that decides what it owes, from the ledger. */
export type InvoiceDebt = InvoiceFacts & {
  /** Reductions of principal (negative) with the day they take effect. */
  principalChanges: Reduction[]
  interestPaid: { on: CivilDate; cents: Cents }[]
  indemnityPaid: { on: CivilDate; cents: Cents }[]
}

export type Grace = Suspension & { cancelledOn: CivilDate | null }

export type ClaimDebt = {
  claimId: number
  kind: DebtorKind
  creditorProfessional: boolean
  noticeReceivedOn: CivilDate | null
  /** What the contract of this file says, the last in force first (decision 0023). */
  terms: readonly TermsInForce[]
  /** What judges granted, and from which day it counts no more. */
  grace: readonly Grace[]
  /** Days on which an instalment plan stops interest (decision 0019). */
  planned: readonly Suspension[]
  invoices: InvoiceDebt[]
}

const SLICE = 500

/** The debts of many claims, in few queries. Unknown ids are absent from the map. */
export async function loadDebts(
  claimIds: readonly number[],
  client: QueryClientContract = db.connection()
): Promise<Map<number, ClaimDebt>> {
  const debts = new Map<number, ClaimDebt>()
  for (let start = 0; start < claimIds.length; start += SLICE) {
    await loadSlice(claimIds.slice(start, start + SLICE), client, debts)
  }
  return debts
}

async function loadSlice(ids: readonly number[], client: QueryClientContract, debts: Map<number, ClaimDebt>) {
  const claims = await client
    .from('claims')
    .join('creditors', 'creditors.id', 'claims.creditor_id')
    .whereIn('claims.id', [...ids])
    .select(
      'claims.id',
      'claims.kind',
      'claims.creditor_id',
      'claims.notice_received_on',
      'claims.contract_term_id',
      'claims.created_at',
      'creditors.professional'
    )
  const terms = await loadTerms([...new Set(claims.map((row) => Number(row.creditor_id)))], client)
  const grace = await loadGrace(ids, client)
  const planned = await loadPlanned(ids, client)
  for (const row of claims) {
    debts.set(Number(row.id), {
      claimId: Number(row.id),
      kind: row.kind,
      creditorProfessional: Boolean(row.professional),
      noticeReceivedOn: row.notice_received_on,
      terms: termsOf(row, terms.get(Number(row.creditor_id)) ?? []),
      grace: grace.get(Number(row.id)) ?? [],
      planned: planned.get(Number(row.id)) ?? [],
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

type TermsRow = {
  id: number
  creditor_id: number
  mandate_id: number | null
  effective_on: CivilDate
  day_count: TermsInForce['dayCount']
  rate_bps: number | null
  allocation_order: TermsInForce['allocationOrder']
  clause: string | null
  created_at: Instant
}

async function loadTerms(creditorIds: readonly number[], client: QueryClientContract) {
  const rows: TermsRow[] = await client
    .from('contract_terms')
    .whereIn('creditor_id', [...creditorIds])
    .orderBy('effective_on', 'desc')
    .orderBy('id', 'desc')
  return Map.groupBy(rows, (row) => Number(row.creditor_id))
}

/** Before the first file. */
const FROM_THE_START: CivilDate = '0001-01-01'

/**
 * A file that took the terms of its mandate has them from the start, until its creditor's contracts
 * are said to have changed for all of its files; what was said before the file came in is not its.
 */
function termsOf(
  claim: { contract_term_id: number | null; created_at: Instant },
  rows: readonly TermsRow[]
): TermsInForce[] {
  const own = rows.find(({ id }) => Number(id) === Number(claim.contract_term_id))
  const ofAllFiles = rows.filter((row) => row.mandate_id === null)
  if (!own) return ofAllFiles.map(inForce)
  const since = ofAllFiles.filter((row) => row.created_at > claim.created_at)
  return [...since.map(inForce), { ...inForce(own), effectiveOn: FROM_THE_START }]
}

const inForce = (row: TermsRow): TermsInForce => ({
  id: Number(row.id),
  effectiveOn: row.effective_on,
  dayCount: row.day_count,
  rateBps: row.rate_bps,
  allocationOrder: row.allocation_order,
  clause: row.clause,
})

async function loadGrace(claimIds: readonly number[], client: QueryClientContract) {
  const rows = await client
    .from('grace_periods')
    .whereIn('claim_id', [...claimIds])
    .orderBy('starts_on')
  const byClaim = Map.groupBy(rows, (row) => Number(row.claim_id))
  return new Map(Array.from(byClaim, ([id, of]) => [id, of.map(graceOf)]))
}

const graceOf = (row: { starts_on: CivilDate; ends_on: CivilDate; cancelled_at: string | null }): Grace => ({
  startsOn: row.starts_on,
  endsOn: row.ends_on,
  cancelledOn: row.cancelled_at && civilDateAt(row.cancelled_at),
})

/** A plan still under way has no end yet. */
export const NO_END: CivilDate = '9999-12-31'

async function loadPlanned(claimIds: readonly number[], client: QueryClientContract) {
  const rows = await client
    .from('arrangements')
    .whereIn('claim_id', [...claimIds])
    .whereNotNull('interest_stops_on')
    .orderBy('id')
    .select('claim_id', 'interest_stops_on', 'interest_resumes_on')
  const byClaim = Map.groupBy(rows, (row) => Number(row.claim_id))
  return new Map(Array.from(byClaim, ([id, of]) => [id, of.map(plannedOf)]))
}

const plannedOf = (row: { interest_stops_on: CivilDate; interest_resumes_on: CivilDate | null }) => ({
  startsOn: addDays(row.interest_stops_on, 1),
  endsOn: row.interest_resumes_on ?? NO_END,
})

/** Payments, credit notes, waivers and what was reversed of them, per invoice; a reversal has the accounts swapped. */
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
    .select(
      'p.invoice_id',
      'p.credit_note_id',
      'p.debit_account',
      'p.credit_account',
      'p.amount_cents',
      'p.effective_on',
      'p.payment_id'
    )
  for (const row of rows) {
    const invoice = byInvoice.get(Number(row.invoice_id))
    if (!invoice) continue
    const reversed = row.credit_account === 'creditor_claims'
    const account: string = reversed ? row.debit_account : row.credit_account
    const cents = (reversed ? -1 : 1) * Number(row.amount_cents)
    const on: CivilDate = row.effective_on
    const by = reducedBy(row)
    if (account === 'claim_principal') invoice.principalChanges.push({ on, changeCents: -cents, by })
    if (account === 'claim_interest') invoice.interestPaid.push({ on, cents })
    if (account === 'claim_indemnity') invoice.indemnityPaid.push({ on, cents })
  }
}

function reducedBy(row: { credit_note_id: number | null; payment_id: number | null }): Reduction['by'] {
  if (row.credit_note_id !== null) return 'credit_note'
  return row.payment_id === null ? 'waiver' : 'payment'
}
