import db from '@adonisjs/lucid/services/db'
import { clock, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import type { ClaimStatus } from '#claims/models/claim'
import { listPage } from '#shared/pages'
import type { LetterKind } from '#letters/letter_content'
import {
  filteredLetters,
  LETTER_VIEWS,
  VIEW,
  type LetterFilters,
  type LetterView,
} from '#letters/queries/letter_filters'
import { stopOf } from '#letters/stop'
import type { EreState } from '#registered_mail/ere/states'
import type { MailingState } from '#registered_mail/providers/provider'

export interface LetterListItem {
  ref: string
  claimRef: string
  debtor: string
  creditor: string
  kind: LetterKind
  state: LetterView
  /** What became of it since it was sent, and its carrier. */
  mailing: MailingState | null
  ere: EreState | null
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
    const rows = await filteredLetters(this.filters)
      .orderBy('letters.id', 'desc')
      .forPage(page, PAGE_SIZE)
      .select('letters.ref', 'letters.kind', 'letters.route', 'letters.dated_on', 'letters.pages')
      .select(db.raw(`${VIEW} as view`), 'mailings.state as mailing', 'eres.state as ere')
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
  async countsByState(): Promise<Record<LetterView | 'all', number>> {
    const rows = await filteredLetters({ ...this.filters, state: undefined })
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
}

const itemOf = (row: Record<string, unknown>, today: CivilDate): LetterListItem => ({
  ref: String(row.ref),
  claimRef: String(row.claim_ref),
  debtor: String(row.debtor),
  creditor: String(row.creditor),
  kind: row.kind as LetterKind,
  state: row.view as LetterView,
  mailing: row.mailing as MailingState | null,
  ere: row.ere as EreState | null,
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
