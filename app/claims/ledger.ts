import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { dialect } from '#shared/transaction'
import { allocate, type Allocation, type AllocationLine } from '#claims/allocation'
import { loadDebts } from '#claims/debts'
import { recordEvent } from '#claims/events'
import { refreshLimitation } from '#claims/limitation_end'
import { DEBT_ENDING_REASONS } from '#claims/models/closure'
import { loadOwed, nothingOwed, owedBefore, type Owed } from '#claims/owed'
import { paymentPostings, type PaymentToPost } from '#claims/payment_postings'
import { DIRECT, HELD, type Account, type NewPosting } from '#claims/posting'
import { reductionPostings, restorationPostings, type PrincipalReduction } from '#claims/principal_reductions'
import {
  feeSettlementPosting,
  remittancePostings,
  withdrawalPostings,
  type FeeSettlementToPost,
  type RemittanceToPost,
} from '#claims/remittance_postings'
import { reversalsOf, standingPostings, type Split } from '#claims/reversals'
import { refreshStatus } from '#claims/status'

/*
 * The only writer of `postings`: a double-entry, append-only ledger in integer cents. A
 * posting is a transfer from one account to another, so the books balance by construction.
 */

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
 * `paid` when nothing is due on the day it was received. While the rate of a half-year is
 * missing nobody can tell that nothing is due: the claim stays open, and says so.
 *
 * @returns what the claim still owes on that day, in cents, and no less than its principal by now:
 * written down late, it may come after what went back since
 */
export async function postPayment(
  trx: TransactionClientContract,
  payment: PaymentToPost,
  { owed, allocation }: { owed: Owed; allocation: Allocation }
): Promise<Cents> {
  const claim = await trx.from('claims').where('id', payment.claimId).firstOrFail()
  await insertPostings(trx, paymentPostings(payment, allocation, Number(claim.creditor_id)))
  await refreshBalances(trx, 'claims.id = ?', [payment.claimId])
  await refreshLimitation(trx, payment.claimId)
  const settled = allocation.interestCents + allocation.principalCents + allocation.indemnityCents
  const { due_cents: dueCents } = await trx.from('claims').where('id', payment.claimId).firstOrFail()
  const hasEnded = owed.invoices.length === 0
  const remainingCents = Math.max(0, owed.totalCents - settled, hasEnded ? 0 : Number(dueCents))
  await settle(trx, payment.claimId, { ...owed, on: payment.receivedOn, totalCents: remainingCents })
  return remainingCents
}

/** Marks a claim `paid` when nothing is owed, and open again when something is. */
async function settle(
  trx: TransactionClientContract,
  claimId: number,
  { totalCents, missingRates, on }: Pick<Owed, 'totalCents' | 'missingRates' | 'on'>
) {
  const claim = await trx.from('claims').where('id', claimId).firstOrFail()
  const isSettled = totalCents <= 0
  const [unknown] = missingRates
  const paidOn = isSettled && !unknown ? (claim.paid_on ?? on) : null
  await trx.from('claims').where('id', claimId).update({ paid_on: paidOn })
  await refreshStatus(trx, 'claims.id = ?', [claimId])
  if (!isSettled || claim.status === 'paid') return
  await recordEvent(
    trx,
    unknown
      ? { claimId, type: 'claim.interest_unknown', actor: 'system', detail: { semester: unknown } }
      : { claimId, type: 'claim.paid', actor: 'system' }
  )
}

/**
 * Takes principal off a claim (a credit note, or what a settlement gives up) by what
 * `allocateReduction` found. No money moves, and no receipt is due.
 */
export async function reducePrincipal(
  trx: TransactionClientContract,
  reduction: PrincipalReduction,
  lines: readonly AllocationLine[]
) {
  await insertPostings(trx, await reductionPostings(trx, reduction, lines))
  await refreshBalances(trx, 'claims.id = ?', [reduction.claimId])
}

/**
 * Undoes a reduction from a day on: what it spared until then is not asked back. Doing it twice
 * changes nothing.
 */
export async function restorePrincipal(
  trx: TransactionClientContract,
  reduction: Pick<PrincipalReduction, 'claimId' | 'key' | 'on'> & { reason: string }
) {
  await insertPostings(trx, await restorationPostings(trx, reduction))
  await refreshBalances(trx, 'claims.id = ?', [reduction.claimId])
}

/** After what changes a claim without a payment: it is paid, or open again, by what is owed today. */
export const settleToday = async (trx: TransactionClientContract, claimId: number) =>
  settle(trx, claimId, await loadOwed(claimId, clock.today(), trx))

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
  await trx.from('claims').where('id', claimId).update({ paid_on: null })
  await refreshLimitation(trx, claimId)
  await refreshStatus(trx, 'claims.id = ?', [claimId])
}

/** Posts what left for a creditor, once for each transfer. */
export const postRemittance = (
  trx: TransactionClientContract,
  remittance: RemittanceToPost,
  paidOn: CivilDate
) => insertPostings(trx, remittancePostings(remittance, paidOn))

/** Reverses what a remittance posted that still stands: its transfer came back. A second time finds nothing. */
export async function returnRemittance(
  trx: TransactionClientContract,
  { id }: { id: number },
  returnedOn: CivilDate
) {
  const standing = await trx
    .from('postings as p')
    .where((any) => any.where('p.key', `remittance:${id}`).orWhere('p.key', 'like', `remittance:${id}:%`))
    .whereNotExists((reversal) =>
      reversal.from('postings as r').whereColumn('r.reverses_id', 'p.id').select(trx.raw('1'))
    )
    .orderBy('p.id')
  await insertPostings(
    trx,
    standing.map((posting) => ({
      key: `reversal:${posting.id}`,
      kind: 'reversal',
      creditorId: Number(posting.creditor_id),
      claimId: null,
      invoiceId: null,
      paymentId: null,
      debit: posting.credit_account,
      credit: posting.debit_account,
      cents: Number(posting.amount_cents),
      effectiveOn: returnedOn,
      reversesId: Number(posting.id),
      reason: 'transfer_returned',
    }))
  )
}

/** Posts the fees kept that left the dedicated account, once for each withdrawal. */
export const withdrawFees = (
  trx: TransactionClientContract,
  withdrawalId: number,
  kept: readonly { creditorId: number; cents: Cents }[],
  on: CivilDate
) => insertPostings(trx, withdrawalPostings(withdrawalId, kept, on))

/** Posts what a creditor paid of its fee, or takes it back when that was a mistake, once each. */
export const postFeeSettlement = (
  trx: TransactionClientContract,
  settlement: FeeSettlementToPost,
  on: CivilDate,
  undone = false
) => insertPostings(trx, [feeSettlementPosting(settlement, on, undone)])

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
  const signed = (...accounts: Account[]) => {
    const any = `(${accounts.map((account) => `'${account}'`).join(', ')})`
    return `case when p.debit_account in ${any} then p.amount_cents when p.credit_account in ${any} then -p.amount_cents else 0 end`
  }
  await trx.rawQuery(
    `update claims set
       principal_cents = ${total(`case when p.kind = 'opening' then p.amount_cents else 0 end`)},
       due_cents = ${total(signed('claim_principal'))},
       paid_cents = ${total(signed(HELD.money, DIRECT.money))},
       balance_posting_id = coalesce((select max(p.id) from postings p where p.claim_id = claims.id), 0)
     where ${where}`,
    bindings
  )
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
    credit_note_id: posting.creditNoteId ?? null,
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
