import db from '@adonisjs/lucid/services/db'
import { clock, type CivilDate, type Instant } from '#shared/clock'
import { idOrRef } from '#shared/numbering'
import type { ClaimStatus } from '#claims/models/claim'
import type { LetterKind } from '#letters/letter_content'
import type { LetterState } from '#letters/models/letter'
import { filteredLetters, type LetterFilters } from '#letters/queries/letter_filters'
import { stopOf, type Stop } from '#letters/stop'

/** Which letters: of a campaign (number or reference), of a day, of files, or what a list shows on all its pages. */
export type LetterSelection =
  | { campaign: string }
  | { on: CivilDate }
  | { claims: readonly string[] }
  | { refs: readonly string[] }
  | { matching: LetterFilters }

/** Its file stopped before it was posted, or a provider posts it. */
export type Held = Stop | 'with_provider'

export interface SelectedLetter {
  id: number
  ref: string
  claimRef: string
  kind: LetterKind
  state: LetterState
  failure: string | null
  fileSha256: string | null
  pages: number | null
  renderedAt: Instant | null
  debtor: string
  /** It must not be posted, or not by hand. A letter that was posted is an archive. */
  stop: Held | null
}

/** In the order they were queued; cancelled ones are no longer letters. */
export async function selectLetters(selection: LetterSelection): Promise<SelectedLetter[]> {
  const query = letterRows().whereNot('letters.state', 'cancelled').orderBy('letters.id')
  if ('on' in selection) query.where('letters.dated_on', selection.on)
  if ('claims' in selection) query.whereIn('claims.ref', [...selection.claims])
  if ('refs' in selection) query.whereIn('letters.ref', [...selection.refs])
  if ('matching' in selection) {
    query.whereIn('letters.id', filteredLetters(selection.matching).select('letters.id'))
  }
  if ('campaign' in selection) {
    query
      .join('actions', 'actions.id', 'letters.action_id')
      .join('campaigns', 'campaigns.id', 'actions.campaign_id')
      .where(`campaigns.${idOrRef(selection.campaign)}`, selection.campaign)
  }
  const today = clock.today()
  return (await query).map((row) => selectedFrom(row, today))
}

/** Letters with what printing them needs to know, for a query to narrow. */
export const letterRows = () =>
  db
    .from('letters')
    .join('claims', 'claims.id', 'letters.claim_id')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .select(
      'letters.id',
      'letters.ref',
      'letters.kind',
      'letters.state',
      'letters.failure',
      'letters.file_sha256',
      'letters.pages',
      'letters.rendered_at',
      'letters.route'
    )
    .select('claims.ref as claim_ref', 'claims.status', 'claims.limitation_on')
    .select(db.raw('coalesce(debtors.company_name, debtors.full_name) as debtor'))

interface LetterRow {
  id: number
  ref: string
  claim_ref: string
  kind: LetterKind
  state: LetterState
  failure: string | null
  file_sha256: string | null
  pages: number | null
  rendered_at: Instant | null
  debtor: string
  status: ClaimStatus
  limitation_on: CivilDate
  route: string
}

export const selectedFrom = (row: LetterRow, today: CivilDate): SelectedLetter => ({
  id: Number(row.id),
  ref: row.ref,
  claimRef: row.claim_ref,
  kind: row.kind,
  state: row.state,
  failure: row.failure,
  fileSha256: row.file_sha256,
  pages: row.pages,
  renderedAt: row.rendered_at,
  debtor: row.debtor,
  stop: row.state === 'printed' ? null : heldBy(row, today),
})

function heldBy({ status, limitation_on: limitationOn, route }: LetterRow, today: CivilDate): Held | null {
  return stopOf({ status, limitationOn }, today) ?? (route === 'manual' ? null : 'with_provider')
}
