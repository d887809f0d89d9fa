import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { dialect } from '#shared/transaction'
import { allocate, type Allocation, type Part } from '#claims/allocation'
import { recordEvent } from '#claims/events'
import { limitationOn, restartedBy, type LimitationBasis } from '#claims/limitation'
import { DEBT_ENDING_REASONS } from '#claims/models/closure'
import { loadDebts, nothingOwed, owedBefore, type Owed } from '#claims/owed'
import { REVERSED_CENTS, reversalsOf, standingPostings, type Split } from '#claims/reversals'
import { refreshStatus } from '#claims/status'

/**
 * The only writer of `postings`: a double-entry, append-only ledger in integer cents. A
 * posting is a transfer from one account to another, so the books balance by construction.
 *
 * A claim's receivables (`claim_*`) stand against `creditor_claims`: they are the creditor's,
 * not ours. Money received is `client_funds`, owed to the creditor (`creditor_payable`) or,
 * when nobody owes it, kept in `suspense`.
 */
export type Account =
  | 'claim_principal'
  | 'claim_interest'
  | 'claim_indemnity'
  | 'creditor_claims'
  | 'client_funds'
  | 'creditor_payable'
  | 'agency_fee'
  | 'suspense'

type PostingKind = 'opening' | 'accrual' | 'payment' | 'receipt' | 'reversal'

export type NewPosting = {
  key: string
  kind: PostingKind
  creditorId: number
  claimId: number
  invoiceId: number | null
  paymentId: number | null
  debit: Account
  credit: Account
  cents: Cents
  effectiveOn: CivilDate
  reversesId?: number
  reason: string
}

const PART_ACCOUNT: Record<Part, Account> = {
  interest: 'claim_interest',
  principal: 'claim_principal',
  indemnity: 'claim_indemnity',
}

/** Opens the ledger of every claim of an import: one posting per invoice, set-based. */
export async function openClaims(trx: TransactionClientContract, importId: number, on: CivilDate) {
  await trx.rawQuery(
    `insert into postings (key, kind, creditor_id, claim_id, invoice_id, debit_account, credit_account,
       amount_cents, effective_on, reason, created_at)
     select 'opening:' || i.id, 'opening', c.creditor_id, c.id, i.id, 'claim_principal', 'creditor_claims',
       i.amount_cents - i.down_payment_cents, ?, 'import', ?
     from invoices i join claims c on c.id = i.claim_id
     where c.import_id = ?`,
    [on, clock.now(), importId]
  )
  await refreshBalances(trx, 'claims.import_id = ?', [importId])
}

/** Reverses the opening postings of an import that is undone; its claims then owe nothing. */
export async function reverseOpenings(trx: TransactionClientContract, importId: number, on: CivilDate) {
  await trx.rawQuery(
    `insert into postings (key, kind, creditor_id, claim_id, invoice_id, debit_account, credit_account,
       amount_cents, effective_on, reverses_id, reason, created_at)
     select 'reversal:' || p.id, 'reversal', p.creditor_id, p.claim_id, p.invoice_id, p.credit_account,
       p.debit_account, p.amount_cents, ?, p.id, 'import_undone', ?
     from postings p join claims c on c.id = p.claim_id
     where c.import_id = ? and p.kind = 'opening'
       and not exists (select 1 from postings r where r.reverses_id = p.id)`,
    [on, clock.now(), importId]
  )
  await refreshBalances(trx, 'claims.import_id = ?', [importId])
}

export type PaymentToPost = {
  id: number
  claimId: number
  amountCents: Cents
  receivedOn: CivilDate
  /** The invoices the debtor asked to pay first, in order. */
  chosenInvoiceIds?: readonly number[]
}

/**
 * Works out what a payment settles. Ask it in the same transaction that stores the payment and
 * posts it, after `lockClaim`.
 */
export async function allocatePayment(
  trx: TransactionClientContract,
  payment: Omit<PaymentToPost, 'id'>
): Promise<{ owed: Owed; allocation: Allocation }> {
  const debts = await loadDebts([payment.claimId], trx)
  const debt = debts.get(payment.claimId)
  if (!debt) throw new Error(`claim ${payment.claimId} does not exist`)
  const ended = await trx
    .from('closures')
    .where('claim_id', payment.claimId)
    .whereIn('reason', [...DEBT_ENDING_REASONS])
    .first()
  const owed = ended ? nothingOwed(debt, payment.receivedOn) : owedBefore(debt, payment.receivedOn)
  return { owed, allocation: allocate(owed, payment.amountCents, payment.chosenInvoiceIds) }
}

/** Serialises payments on one claim (SQLite's IMMEDIATE transactions already do). */
export async function lockClaim(trx: TransactionClientContract, claimId: number) {
  if (dialect() === 'postgres') await trx.from('claims').where('id', claimId).forUpdate().select('id')
}

/**
 * Posts a payment by its allocation, refreshes the claim's cached balance, restarts its
 * limitation period (a partial payment counts for the whole claim, C. civ. 2240) and marks it
 * `paid` when nothing is due on the day it was received.
 *
 * @returns what the claim still owes on that day, in cents
 */
export async function postPayment(
  trx: TransactionClientContract,
  payment: PaymentToPost,
  { owed, allocation }: { owed: Owed; allocation: Allocation }
): Promise<Cents> {
  const claim = await trx.from('claims').where('id', payment.claimId).firstOrFail()
  await insertPostings(trx, paymentPostings(payment, allocation, Number(claim.creditor_id)))
  await refreshBalances(trx, 'claims.id = ?', [payment.claimId])

  const settled = allocation.interestCents + allocation.principalCents + allocation.indemnityCents
  const remainingCents = owed.totalCents - settled
  const basis = claim.limitation_basis as LimitationBasis
  await trx
    .from('claims')
    .where('id', payment.claimId)
    .update({
      limitation_on:
        settled > 0 ? restartedBy(claim.limitation_on, basis, payment.receivedOn) : claim.limitation_on,
      paid_on: remainingCents <= 0 ? (claim.paid_on ?? payment.receivedOn) : null,
    })
  await refreshStatus(trx, 'claims.id = ?', [payment.claimId])
  if (remainingCents <= 0 && claim.status !== 'paid') {
    await recordEvent(trx, { claimId: payment.claimId, type: 'claim.paid', actor: 'system' })
  }
  return Math.max(0, remainingCents)
}

/**
 * Reverses a part of a payment, or all that is left of it (refund, chargeback, mistake), and
 * reopens the claim (rule 32): first what nobody owed (rule 30), then what was settled last.
 *
 * @returns what was reversed: never more than what was left, so that doing it twice changes nothing
 */
export async function reversePayment(
  trx: TransactionClientContract,
  payment: { id: number; claimId: number },
  on: CivilDate,
  reason: string,
  cents: Cents = Number.MAX_SAFE_INTEGER
): Promise<Split> {
  const standing = await standingPostings(trx, payment.id)
  const { reversals, split } = reversalsOf(standing, cents)
  await insertPostings(
    trx,
    reversals.map(({ posting, cents: reversed }) => ({
      ...posting,
      key: `reversal:${posting.id}:${posting.amountCents - posting.leftCents}`,
      kind: 'reversal',
      debit: posting.credit,
      credit: posting.debit,
      cents: reversed,
      effectiveOn: on,
      reversesId: posting.id,
      reason,
    }))
  )
  await refreshBalances(trx, 'claims.id = ?', [payment.claimId])
  if (split.interestCents + split.principalCents + split.indemnityCents > 0)
    await reopen(trx, payment.claimId)
  return split
}

/** The claim owes again, and a payment that went back in full restarts no limitation period any more. */
async function reopen(trx: TransactionClientContract, claimId: number) {
  const claim = await trx.from('claims').where('id', claimId).firstOrFail()
  const basis = claim.limitation_basis as LimitationBasis
  const days = await trx
    .from('postings as p')
    .where({ claim_id: claimId, kind: 'payment' })
    .whereRaw(`p.amount_cents > ${REVERSED_CENTS}`)
    .distinct('p.effective_on as on')
    .orderBy('on')
  const limitationEndsOn = days.reduce(
    (end: CivilDate, { on }: { on: CivilDate }) => restartedBy(end, basis, on),
    limitationOn(basis, claim.oldest_due_on)
  )
  await trx.from('claims').where('id', claimId).update({ paid_on: null, limitation_on: limitationEndsOn })
  await refreshStatus(trx, 'claims.id = ?', [claimId])
}

/**
 * Recomputes the cached balances of some claims from all their postings; `where` restricts
 * `claims`. Also the reconcile command's work.
 */
export async function refreshBalances(
  trx: TransactionClientContract,
  where: string,
  bindings: (number | string)[]
) {
  const total = (expression: string) =>
    `coalesce((select sum(${expression}) from postings p where p.claim_id = claims.id), 0)`
  const signed = (account: Account) =>
    `case when p.debit_account = '${account}' then p.amount_cents when p.credit_account = '${account}' then -p.amount_cents else 0 end`
  await trx.rawQuery(
    `update claims set
       principal_cents = ${total(`case when p.kind = 'opening' then p.amount_cents else 0 end`)},
       due_cents = ${total(signed('claim_principal'))},
       paid_cents = ${total(signed('client_funds'))},
       balance_posting_id = coalesce((select max(p.id) from postings p where p.claim_id = claims.id), 0)
     where ${where}`,
    bindings
  )
}

function paymentPostings(payment: PaymentToPost, allocation: Allocation, creditorId: number): NewPosting[] {
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

async function insertPostings(trx: TransactionClientContract, postings: NewPosting[]) {
  const createdAt = clock.now()
  const rows = postings.map((posting) => ({
    key: posting.key,
    kind: posting.kind,
    creditor_id: posting.creditorId,
    claim_id: posting.claimId,
    invoice_id: posting.invoiceId,
    payment_id: posting.paymentId,
    debit_account: posting.debit,
    credit_account: posting.credit,
    amount_cents: posting.cents,
    effective_on: posting.effectiveOn,
    reverses_id: posting.reversesId ?? null,
    reason: posting.reason,
    created_at: createdAt,
  }))
  for (let start = 0; start < rows.length; start += 500) {
    await trx.table('postings').multiInsert(rows.slice(start, start + 500))
  }
}
