import db from '@adonisjs/lucid/services/db'
import { clock, type CivilDate } from '#shared/clock'
import { likePattern } from '#shared/fold'
import type { Cents } from '#shared/money'
import type { ClaimStatus } from '#claims/models/claim'
import { listPage } from '#shared/pages'
import type { LetterKind } from '#letters/letter_content'
import { LETTER_STATES } from '#letters/models/letter'
import { stopOf } from '#letters/stop'
import type { MailingState } from '#registered_mail/providers/provider'

/** Where a letter stands for whoever prints: what a provider has to send is not theirs to post. */
export const LETTER_VIEWS = [...LETTER_STATES, 'with_provider'] as const
export type LetterView = (typeof LETTER_VIEWS)[number]

const VIEW = `case when letters.state = 'rendered' and letters.route <> 'manual' then 'with_provider' else letters.state end`

export interface LetterFilters {
  state?: LetterView
  /** What became of it. */
  mailing?: MailingState
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
  state: LetterView
  /** What became of it since it was sent, and its carrier. */
  mailing: MailingState | null
  route: string
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
    const rows = await this.scope()
      .orderBy('letters.id', 'desc')
      .forPage(page, PAGE_SIZE)
      .select('letters.ref', 'letters.kind', 'letters.route', 'letters.dated_on', 'letters.pages')
      .select(db.raw(`${VIEW} as view`), 'mailings.state as mailing')
      .select('letters.total_cents', 'letters.failure', 'letters.registered_number')
      .select(
        'claims.ref as claim_ref',
        'claims.status',
        'claims.limitation_on',
        'creditors.name as creditor'
      )
      .select(db.raw('coalesce(debtors.company_name, debtors.full_name) as debtor'))
    const counted = await this.scope().count('* as total').first()
    const total = Number(counted.total)
    const today = clock.today()
    return {
      items: rows.map((row) => itemOf(row, today)),
      ...listPage(total, PAGE_SIZE, page),
    }
  }

  /** How many letters are in each state under the other filters, and in all. */
  async countsByState(): Promise<Record<LetterView | 'all', number>> {
    const rows = await new LetterList({ ...this.filters, state: undefined })
      .scope()
      .groupByRaw(VIEW)
      .select(db.raw(`${VIEW} as view`))
      .count('* as total')
    const counts = Object.fromEntries([...LETTER_VIEWS, 'all'].map((view) => [view, 0])) as Record<
      LetterView | 'all',
      number
    >
    for (const row of rows) {
      counts[row.view as LetterView] = Number(row.total)
      counts.all += Number(row.total)
    }
    return counts
  }

  private scope() {
    const query = db
      .from('letters')
      .join('claims', 'claims.id', 'letters.claim_id')
      .join('debtors', 'debtors.id', 'claims.debtor_id')
      .join('creditors', 'creditors.id', 'claims.creditor_id')
      .leftJoin('mailings', 'mailings.letter_id', 'letters.id')
    const { state, mailing, kind, on, q } = this.filters
    if (state) query.whereRaw(`${VIEW} = ?`, [state])
    if (mailing) query.where('mailings.state', mailing)
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
}

const itemOf = (row: Record<string, unknown>, today: CivilDate): LetterListItem => ({
  ref: String(row.ref),
  claimRef: String(row.claim_ref),
  debtor: String(row.debtor),
  creditor: String(row.creditor),
  kind: row.kind as LetterKind,
  state: row.view as LetterView,
  mailing: row.mailing as MailingState | null,
  route: String(row.route),
  datedOn: String(row.dated_on),
  pages: row.pages === null ? null : Number(row.pages),
  totalCents: row.total_cents === null ? null : Number(row.total_cents),
  failure:
    row.view === 'rendered'
      ? stopOf({ status: row.status as ClaimStatus, limitationOn: String(row.limitation_on) }, today)
      : (row.failure as string | null),
  registeredNumber: row.registered_number as string | null,
})
