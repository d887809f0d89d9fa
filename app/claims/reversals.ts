import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { Cents } from '#shared/money'
import type { Allocation } from '#claims/allocation'
import { DIRECT, HELD, type Account, type NewPosting } from '#claims/posting'

/** How a sum splits over what it settled; the parts sum exactly to it. */
export type Split = Omit<Allocation, 'lines'>

const PART_CENTS = {
  claim_interest: 'interestCents',
  claim_principal: 'principalCents',
  claim_indemnity: 'indemnityCents',
} as const satisfies Partial<Record<Account, keyof Split>>

/** What was reversed of a posting `p`. */
export const REVERSED_CENTS = `coalesce((select sum(r.amount_cents) from postings r where r.reverses_id = p.id), 0)`

export type StandingPosting = Omit<NewPosting, 'key' | 'reason' | 'cents' | 'effectiveOn'> & {
  id: number
  amountCents: Cents
  leftCents: Cents
}

/** What a payment wrote, the last settled first, and how much of each still stands. */
export async function standingPostings(
  trx: TransactionClientContract,
  paymentId: number
): Promise<StandingPosting[]> {
  const rows = await trx
    .from('postings as p')
    .where('payment_id', paymentId)
    .whereNot('kind', 'reversal')
    .orderBy('id', 'desc')
    .select('p.*', trx.raw(`${REVERSED_CENTS} as reversed_cents`))
  return rows.map((row) => ({
    id: Number(row.id),
    kind: row.kind,
    creditorId: Number(row.creditor_id),
    claimId: Number(row.claim_id),
    invoiceId: row.invoice_id === null ? null : Number(row.invoice_id),
    paymentId,
    debit: row.debit_account,
    credit: row.credit_account,
    amountCents: Number(row.amount_cents),
    leftCents: Number(row.amount_cents) - Number(row.reversed_cents),
  }))
}

/** The reversals of a sum, none of more than what stands: what nobody owed goes back first (rule 30). */
export function reversalsOf(standing: readonly StandingPosting[], wantedCents: Cents) {
  const reversals: { posting: StandingPosting; cents: Cents }[] = []
  const split: Split = { interestCents: 0, principalCents: 0, indemnityCents: 0, suspenseCents: 0 }
  const reverse = (posting: StandingPosting | undefined, most: Cents): Cents => {
    const cents = Math.min(most, posting?.leftCents ?? 0)
    if (posting && cents > 0) reversals.push({ posting, cents })
    return cents
  }
  const received = (part: 'settled' | 'surplus') =>
    standing.find(
      ({ kind, credit }) => kind === 'receipt' && (credit === HELD[part] || credit === DIRECT[part])
    )

  split.suspenseCents = reverse(received('surplus'), wantedCents)
  const settledCents = reverse(received('settled'), wantedCents - split.suspenseCents)
  let left = settledCents
  for (const posting of standing.filter(({ kind }) => kind === 'payment')) {
    const cents = reverse(posting, left)
    const accrual = standing.find(
      (one) => one.kind === 'accrual' && one.invoiceId === posting.invoiceId && one.debit === posting.credit
    )
    reverse(accrual, cents)
    split[PART_CENTS[posting.credit as keyof typeof PART_CENTS]] += cents
    left -= cents
  }
  return { reversals, split }
}
