import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import type { AllocationLine } from '#claims/allocation'
import { loadDebts } from '#claims/debts'
import { owedBefore } from '#claims/owed'
import type { NewPosting } from '#claims/posting'

/**
 * What takes principal off a claim without money: a credit note (rule 27), or what a settlement
 * gives up. It reverses a part of what the invoices opened with.
 */
export type PrincipalReduction = {
  claimId: number
  cents: Cents
  /** The day it takes effect. */
  on: CivilDate
  /** Of its own; the posting of each invoice adds the invoice. */
  key: string
  reason: 'credit_note' | 'settlement'
  /** The invoice it is about; without one the oldest due are reduced first. */
  invoiceId?: number | null
  creditNoteId?: number | null
}

/**
 * What a reduction takes off each invoice: never more than the principal still due on its day and since.
 *
 * @returns the lines, and what is left when the principal does not hold it all
 */
export async function allocateReduction(
  trx: TransactionClientContract,
  { claimId, cents, on, invoiceId }: Pick<PrincipalReduction, 'claimId' | 'cents' | 'on' | 'invoiceId'>
): Promise<{ lines: AllocationLine[]; excessCents: Cents }> {
  const debt = (await loadDebts([claimId], trx)).get(claimId)
  if (!debt) throw new Error(`claim ${claimId} does not exist`)
  const lines: AllocationLine[] = []
  let left = cents
  for (const invoice of owedBefore(debt, on).invoices) {
    if (invoiceId && invoiceId !== invoice.invoiceId) continue
    const taken = Math.min(left, invoice.principalCents)
    if (taken <= 0) continue
    lines.push({ invoiceId: invoice.invoiceId, part: 'principal', cents: taken })
    left -= taken
  }
  return { lines, excessCents: left }
}

/** What the ledger writes of a reduction. */
export async function reductionPostings(
  trx: TransactionClientContract,
  { claimId, on, key, reason, creditNoteId }: PrincipalReduction,
  lines: readonly AllocationLine[]
): Promise<NewPosting[]> {
  const openings = await trx.from('postings').where({ claim_id: claimId, kind: 'opening' })
  return lines.map(({ invoiceId, cents }) => {
    const opening = openings.find((one) => Number(one.invoice_id) === invoiceId)
    if (!opening) throw new Error(`invoice ${invoiceId} has no opening posting`)
    return {
      key: `${key}:${invoiceId}`,
      kind: 'reversal',
      creditorId: Number(opening.creditor_id),
      claimId,
      invoiceId,
      paymentId: null,
      creditNoteId,
      debit: 'creditor_claims',
      credit: 'claim_principal',
      cents,
      effectiveOn: on,
      reversesId: Number(opening.id),
      reason,
    }
  })
}

/** What undoes a reduction that still stands: nothing when it was undone already. */
export async function restorationPostings(
  trx: TransactionClientContract,
  { claimId, key, on, reason }: Pick<PrincipalReduction, 'claimId' | 'key' | 'on'> & { reason: string }
): Promise<NewPosting[]> {
  const standing = await trx
    .from('postings as p')
    .where({ claim_id: claimId, kind: 'reversal' })
    .whereLike('p.key', `${key}:%`)
    .whereNotExists((back) => back.from('postings as r').whereColumn('r.reverses_id', 'p.id'))
    .orderBy('p.id')
  return standing.map((row) => ({
    key: `reversal:${row.id}:0`,
    kind: 'reversal',
    creditorId: Number(row.creditor_id),
    claimId,
    invoiceId: Number(row.invoice_id),
    paymentId: null,
    creditNoteId: row.credit_note_id,
    debit: 'claim_principal',
    credit: 'creditor_claims',
    cents: Number(row.amount_cents),
    effectiveOn: on < row.effective_on ? row.effective_on : on,
    reversesId: Number(row.id),
    reason,
  }))
}
