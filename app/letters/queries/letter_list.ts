import db from '@adonisjs/lucid/services/db'
import { clock, type CivilDate } from '#shared/clock'
import { likePattern } from '#shared/fold'
import type { Cents } from '#shared/money'
import type { ClaimStatus } from '#claims/models/claim'
import { listPage } from '#shared/pages'
import type { LetterKind } from '#letters/letter_content'
import { LETTER_STATES, type LetterState } from '#letters/models/letter'
import { stopOf } from '#letters/stop'

export interface LetterFilters {
  state?: LetterState
  kind?: LetterKind
  /** The day on the letter. */
  on?: CivilDate
  /** Letter or file reference, or name. */
  q?: string
}

export interface LetterListItem {
  ref: string
  claimRef: string
  debtor: string
  creditor: string
  kind: LetterKind
  state: LetterState
  datedOn: CivilDate
  pages: number | null
  totalCents: Cents | null
  /** Why it was not written, or must not be posted any more. */
  failure: string | null
  registeredNumber: string | null
}

const PAGE_SIZE = 50

/** Letters, newest first, for the page that prints them. */
export class LetterList {
  constructor(private filters: LetterFilters) {}

  async page(page: number) {
    const rows = await filteredLetters(this.filters)
      .orderBy('letters.id', 'desc')
      .forPage(page, PAGE_SIZE)
      .select('letters.ref', 'letters.kind', 'letters.state', 'letters.dated_on', 'letters.pages')
      .select('letters.total_cents', 'letters.failure', 'letters.registered_number')
      .select(
        'claims.ref as claim_ref',
        'claims.status',
        'claims.limitation_on',
        'creditors.name as creditor'
      )
      .select(db.raw('coalesce(debtors.company_name, debtors.full_name) as debtor'))
    const counted = await filteredLetters(this.filters).count('* as total').first()
    const total = Number(counted.total)
    const today = clock.today()
    return {
      items: rows.map((row) => itemOf(row, today)),
      ...listPage(total, PAGE_SIZE, page),
    }
  }

  /** How many letters are in each state under the other filters, and in all. */
  async countsByState(): Promise<Record<LetterState | 'all', number>> {
    const rows = await filteredLetters({ ...this.filters, state: undefined })
      .groupBy('letters.state')
      .select('letters.state')
      .count('* as total')
    const counts = Object.fromEntries([...LETTER_STATES, 'all'].map((state) => [state, 0])) as Record<
      LetterState | 'all',
      number
    >
    for (const row of rows) {
      counts[row.state as LetterState] = Number(row.total)
      counts.all += Number(row.total)
    }
    return counts
  }
}

/** Letters that filters let through, with their file, debtor and creditor. */
export function filteredLetters({ state, kind, on, q }: LetterFilters) {
  const query = db
    .from('letters')
    .join('claims', 'claims.id', 'letters.claim_id')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .join('creditors', 'creditors.id', 'claims.creditor_id')
  if (state) query.where('letters.state', state)
  if (kind) query.where('letters.kind', kind)
  if (on) query.where('letters.dated_on', on)
  if (q) {
    const pattern = likePattern(q)
    query.where((any) => {
      for (const column of ['letters.ref', 'debtors.full_name', 'debtors.company_name']) {
        any.orWhereRaw(`fold(${column}) like ? escape '\\'`, [pattern])
      }
    })
  }
  return query
}

const itemOf = (row: Record<string, unknown>, today: CivilDate): LetterListItem => ({
  ref: String(row.ref),
  claimRef: String(row.claim_ref),
  debtor: String(row.debtor),
  creditor: String(row.creditor),
  kind: row.kind as LetterKind,
  state: row.state as LetterState,
  datedOn: String(row.dated_on),
  pages: row.pages === null ? null : Number(row.pages),
  totalCents: row.total_cents === null ? null : Number(row.total_cents),
  failure:
    row.state === 'rendered'
      ? stopOf({ status: row.status as ClaimStatus, limitationOn: String(row.limitation_on) }, today)
      : (row.failure as string | null),
  registeredNumber: row.registered_number as string | null,
})
