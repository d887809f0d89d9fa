import db from '@adonisjs/lucid/services/db'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import type { Account } from '#claims/posting'
import type { Split } from '#claims/reversals'

export type MovementKind = 'payment' | 'payment_return' | 'credit_note' | 'credit_note_cancelled' | 'waiver'

/** Something that changed what is owed, with its allocation; negative when it gives back what another had settled. */
export type Movement = Split & {
  kind: MovementKind
  on: CivilDate
  /** The payment's reference, or the number of the creditor's document. */
  ref: string
  amountCents: Cents
}

const PART = {
  claim_interest: 'interestCents',
  claim_principal: 'principalCents',
  claim_indemnity: 'indemnityCents',
  suspense: 'suspenseCents',
  creditor_surplus: 'suspenseCents',
} as const satisfies Partial<Record<Account, keyof Split>>

/** What changed a claim's debt up to a day, in the order of the days, from its postings. */
export async function loadMovements(
  claimId: number,
  on: CivilDate,
  client: QueryClientContract = db.connection()
): Promise<Movement[]> {
  const rows = await client
    .from('postings as p')
    .leftJoin('postings as reversed', 'reversed.id', 'p.reverses_id')
    .leftJoin('payments', 'payments.id', 'p.payment_id')
    .leftJoin('credit_notes', 'credit_notes.id', 'p.credit_note_id')
    .where('p.claim_id', claimId)
    .where('p.effective_on', '<=', on)
    .where((moved) =>
      moved
        .whereNotNull('p.payment_id')
        .orWhereNotNull('p.credit_note_id')
        .orWhere((waived) => waived.where('p.kind', 'reversal').whereNot('p.reason', 'import_undone'))
    )
    .whereNot('p.kind', 'accrual')
    .where((kept) => kept.whereNull('reversed.kind').orWhereNot('reversed.kind', 'accrual'))
    .orderBy('p.effective_on')
    .orderBy('p.id')
    .select('p.*', 'reversed.kind as reversed_kind', 'payments.ref', 'credit_notes.number')
  const groups = Map.groupBy(rows, (row) =>
    [kindOf(row), row.payment_id, row.credit_note_id, row.effective_on].join(' ')
  )
  return Array.from(groups.values(), movementOf)
}

type Row = Record<string, string | number | null>

function kindOf(row: Row): MovementKind {
  if (row.credit_note_id) return row.reason === 'credit_note' ? 'credit_note' : 'credit_note_cancelled'
  if (row.payment_id === null) return 'waiver'
  return row.kind === 'reversal' ? 'payment_return' : 'payment'
}

function movementOf(rows: Row[]): Movement {
  const [first] = rows
  const split: Split = { interestCents: 0, principalCents: 0, indemnityCents: 0, suspenseCents: 0 }
  for (const row of rows) {
    for (const [account, part] of Object.entries(PART)) {
      if (row.credit_account === account) split[part] += Number(row.amount_cents)
      if (row.debit_account === account) split[part] -= Number(row.amount_cents)
    }
  }
  return {
    kind: kindOf(first!),
    on: String(first!.effective_on),
    ref: String(first!.ref ?? first!.number ?? first!.payment_id ?? ''),
    ...split,
    amountCents: sum(Object.values(split)),
  }
}
