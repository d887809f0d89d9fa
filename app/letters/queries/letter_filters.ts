import db from '@adonisjs/lucid/services/db'
import type { CivilDate } from '#shared/clock'
import { likePattern } from '#shared/fold'
import type { LetterKind } from '#letters/letter_content'
import { LETTER_STATES } from '#letters/models/letter'

/** Where a letter stands for whoever prints: what a provider has to send is not theirs to post. */
export const LETTER_VIEWS = [...LETTER_STATES, 'with_provider'] as const
export type LetterView = (typeof LETTER_VIEWS)[number]

/** The view of a row of `letters`, as SQL. */
export const VIEW = `case when letters.state = 'rendered' and letters.route <> 'manual' then 'with_provider' else letters.state end`

export interface LetterFilters {
  state?: LetterView
  /** What became of it: a state of its mailing. */
  mailing?: string
  /** Where it stands when it leaves electronically. */
  ere?: string
  kind?: LetterKind
  /** The day on the letter. */
  on?: CivilDate
  /** Letter or file reference, or name. */
  q?: string
}

/** Letters that filters let through, with their file, debtor, creditor and mailing. */
export function filteredLetters({ state, mailing, ere, kind, on, q }: LetterFilters) {
  const query = db
    .from('letters')
    .join('claims', 'claims.id', 'letters.claim_id')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .join('creditors', 'creditors.id', 'claims.creditor_id')
    .leftJoin('mailings', 'mailings.letter_id', 'letters.id')
    .leftJoin('eres', 'eres.letter_id', 'letters.id')
  if (state) query.whereRaw(`${VIEW} = ?`, [state])
  if (mailing) query.where('mailings.state', mailing)
  if (ere) query.where('eres.state', ere)
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
