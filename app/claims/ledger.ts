import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { dialect } from '#shared/transaction'
import { allocate, type Allocation, type AllocationLine } from '#claims/allocation'
import { loadDebts } from '#claims/debts'
import { recordEvent } from '#claims/events'
import { refreshLimitation } from '#claims/limitation_end'
import { DEBT_ENDING_REASONS } from '#claims/models/closure'
import type CreditNote from '#claims/models/credit_note'
import { loadOwed, nothingOwed, owedBefore, type Owed } from '#claims/owed'
import { paymentPostings, type PaymentToPost } from '#claims/payment_postings'
import { DIRECT, HELD, type Account, type NewPosting } from '#claims/posting'
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
 * What a credit note takes off each invoice: the one it names, or the oldest due first, never
 * more than the principal still due on its day and since.
 *
 * @returns the lines, and what is left of the credit note when the principal does not hold it all
 */
export async function allocateCreditNote(
  trx: TransactionClientContract,
  note: Pick<CreditNote, 'claimId' | 'invoiceId' | 'amountCents' | 'issuedOn'>
): Promise<{ lines: AllocationLine[]; excessCents: Cents }> {
  const debt = (await loadDebts([note.claimId], trx)).get(note.claimId)
  if (!debt) throw new Error(`claim ${note.claimId} does not exist`)
  const lines: AllocationLine[] = []
  let left = note.amountCents
  for (const { invoiceId, principalCents } of owedBefore(debt, note.issuedOn).invoices) {
    if (note.invoiceId !== null && note.invoiceId !== invoiceId) continue
    const cents = Math.min(left, principalCents)
    if (cents > 0) lines.push({ invoiceId, part: 'principal', cents })
    left -= Math.max(0, cents)
  }
  return { lines, excessCents: left }
}

/**
 * Posts a credit note (rule 27): it gives back a part of what its invoices opened with, on its
 * own day. No money moves, and no receipt is due.
 */
export async function postCreditNote(
  trx: TransactionClientContract,
  note: CreditNote,
  lines: readonly AllocationLine[]
) {
  const openings = await trx.from('postings').where({ claim_id: note.claimId, kind: 'opening' })
  const postings = lines.map(({ invoiceId, cents }): NewPosting => {
    const opening = openings.find((one) => Number(one.invoice_id) === invoiceId)
    if (!opening) throw new Error(`invoice ${invoiceId} has no opening posting`)
    return {
      key: `credit_note:${note.id}:${invoiceId}`,
      kind: 'reversal',
      creditorId: Number(opening.creditor_id),
      claimId: note.claimId,
      invoiceId,
      paymentId: null,
      creditNoteId: note.id,
      debit: 'creditor_claims',
      credit: 'claim_principal',
      cents,
      effectiveOn: note.issuedOn,
      reversesId: Number(opening.id),
      reason: 'credit_note',
    }
  })
  await insertPostings(trx, postings)
  await refreshBalances(trx, 'claims.id = ?', [note.claimId])
  await settleToday(trx, note.claimId)
}

/** Undoes a credit note from a day on: what it spared until then is not asked back. Doing it twice changes nothing. */
export async function reverseCreditNote(trx: TransactionClientContract, note: CreditNote, on: CivilDate) {
  const rows = await trx
    .from('postings as p')
    .where({ credit_note_id: note.id, reason: 'credit_note' })
    .whereNotExists((back) => back.from('postings as r').whereColumn('r.reverses_id', 'p.id'))
  const postings = rows.map((row): NewPosting => ({
    key: `reversal:${row.id}:0`,
    kind: 'reversal',
    creditorId: Number(row.creditor_id),
    claimId: note.claimId,
    invoiceId: Number(row.invoice_id),
    paymentId: null,
    creditNoteId: note.id,
    debit: 'claim_principal',
    credit: 'creditor_claims',
    cents: Number(row.amount_cents),
    effectiveOn: on < note.issuedOn ? note.issuedOn : on,
    reversesId: Number(row.id),
    reason: 'credit_note_cancelled',
  }))
  await insertPostings(trx, postings)
  await refreshBalances(trx, 'claims.id = ?', [note.claimId])
  await settleToday(trx, note.claimId)
}

const settleToday = async (trx: TransactionClientContract, claimId: number) =>
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

/**
 * Gives up a part of the principal for good (a settlement that was accepted): the openings of the
 * invoices are reversed in part, oldest due first. It is not a payment, and moves no money.
 *
 * @returns what was given up: never more than the principal that is still due
 */
export async function waive(
  trx: TransactionClientContract,
  waiver: { claimId: number; cents: Cents; on: CivilDate; key: string; reason: string }
): Promise<Cents> {
  const { claimId, on, key, reason } = waiver
  const debts = await loadDebts([claimId], trx)
  const { invoices } = owedBefore(debts.get(claimId)!, on)
  const openings: { id: number; invoice_id: number; creditor_id: number }[] = await trx
    .from('postings')
    .where({ claim_id: claimId, kind: 'opening' })
    .select('id', 'invoice_id', 'creditor_id')
  let left = waiver.cents
  const postings = invoices.flatMap((invoice): NewPosting[] => {
    const cents = Math.min(left, invoice.principalCents)
    if (cents <= 0) return []
    left -= cents
    const opening = openings.find((one) => Number(one.invoice_id) === invoice.invoiceId)!
    return [
      {
        key: `${key}:${invoice.invoiceId}`,
        kind: 'reversal',
        creditorId: Number(opening.creditor_id),
        claimId,
        invoiceId: invoice.invoiceId,
        paymentId: null,
        debit: 'creditor_claims',
        credit: 'claim_principal',
        cents,
        effectiveOn: on,
        reversesId: Number(opening.id),
        reason,
      },
    ]
  })
  await insertPostings(trx, postings)
  await refreshBalances(trx, 'claims.id = ?', [claimId])
  return waiver.cents - left
}

/** What was given up for a payment that went back is owed again. Doing it twice changes nothing. */
export async function claimAgain(
  trx: TransactionClientContract,
  { claimId, key, on, reason }: { claimId: number; key: string; on: CivilDate; reason: string }
) {
  const waived = await trx
    .from('postings as p')
    .where('p.claim_id', claimId)
    .whereLike('p.key', `${key}:%`)
    .whereNotExists((undone) =>
      undone.from('postings as u').whereColumn('u.reverses_id', 'p.id').select('u.id')
    )
    .whereNot('p.debit_account', 'claim_principal')
    .orderBy('p.id')
    .select('p.*')
  await insertPostings(
    trx,
    waived.map((row) => ({
      key: `${row.key}:undone`,
      kind: 'reversal',
      creditorId: Number(row.creditor_id),
      claimId,
      invoiceId: Number(row.invoice_id),
      paymentId: null,
      debit: 'claim_principal',
      credit: 'creditor_claims',
      cents: Number(row.amount_cents),
      effectiveOn: on,
      reversesId: Number(row.id),
      reason,
    }))
  )
  await refreshBalances(trx, 'claims.id = ?', [claimId])
}

/** The claim owes again, and a payment that went back in full restarts no limitation period any more. */
async function reopen(trx: TransactionClientContract, claimId: number) {
  await trx.from('claims').where('id', claimId).update({ paid_on: null })
  await refreshLimitation(trx, claimId)
  await refreshStatus(trx, 'claims.id = ?', [claimId])
}

/**
 * What left for a creditor: the sum paid, and the fee with its VAT kept from it when the mandate
 * lets the agency (rule 37). Its key makes it once for a remittance.
 */
export async function postRemittance(
  trx: TransactionClientContract,
  remittance: { id: number; creditorId: number; netCents: Cents; keptCents: Cents },
  paidOn: CivilDate
) {
  const common = {
    creditorId: remittance.creditorId,
    claimId: null,
    invoiceId: null,
    paymentId: null,
    debit: 'creditor_payable',
    effectiveOn: paidOn,
  } as const
  const key = `remittance:${remittance.id}`
  await insertPostings(trx, [
    {
      ...common,
      key,
      kind: 'remittance',
      credit: 'client_funds',
      cents: remittance.netCents,
      reason: 'remittance',
    },
    ...keptFee({ ...common, key: `${key}:fee`, kind: 'fee', reason: 'fee' }, remittance.keptCents),
  ])
}

/** A fee given back, because money went back after it was kept, goes the other way. */
function keptFee(posting: Omit<NewPosting, 'credit' | 'cents'>, keptCents: Cents): NewPosting[] {
  if (keptCents === 0) return []
  if (keptCents > 0) return [{ ...posting, credit: 'agency_fee', cents: keptCents }]
  return [{ ...posting, debit: 'agency_fee', credit: 'creditor_payable', cents: -keptCents }]
}

/**
 * Fees kept leave the dedicated account for the agency's own, creditor by creditor.
 */
export async function withdrawFees(
  trx: TransactionClientContract,
  withdrawalId: number,
  kept: readonly { creditorId: number; cents: Cents }[],
  on: CivilDate
) {
  await insertPostings(
    trx,
    kept.map(({ creditorId, cents }) => ({
      key: `withdrawal:${withdrawalId}:${creditorId}`,
      kind: 'withdrawal',
      creditorId,
      claimId: null,
      invoiceId: null,
      paymentId: null,
      debit: 'agency_fee',
      credit: 'client_funds',
      cents,
      effectiveOn: on,
      reason: 'withdrawal',
    }))
  )
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
