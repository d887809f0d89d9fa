import db from '@adonisjs/lucid/services/db'
import { clock, type CivilDate, type Instant } from '#shared/clock'
import { idOrRef } from '#shared/numbering'
import type { ClaimStatus } from '#claims/models/claim'
import type { LetterState } from '#letters/models/letter'
import { stopOf, type Stop } from '#letters/stop'

/** Which letters: of a campaign (number or reference), of a day, or of files. */
export type LetterSelection =
  { campaign: string } | { on: CivilDate } | { claims: readonly string[] } | { refs: readonly string[] }

/** Its file stopped before it was posted, or a provider posts it. */
export type Held = Stop | 'with_provider'

export interface SelectedLetter {
  id: number
  ref: string
  claimRef: string
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
  const query = db
    .from('letters')
    .join('claims', 'claims.id', 'letters.claim_id')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .whereNot('letters.state', 'cancelled')
    .orderBy('letters.id')
    .select(
      'letters.id',
      'letters.ref',
      'letters.state',
      'letters.failure',
      'letters.file_sha256',
      'letters.pages',
      'letters.rendered_at',
      'letters.route'
    )
    .select('claims.ref as claim_ref', 'claims.status', 'claims.limitation_on')
    .select(db.raw('coalesce(debtors.company_name, debtors.full_name) as debtor'))
  if ('on' in selection) query.where('letters.dated_on', selection.on)
  if ('claims' in selection) query.whereIn('claims.ref', [...selection.claims])
  if ('refs' in selection) query.whereIn('letters.ref', [...selection.refs])
  if ('campaign' in selection) {
    query
      .join('actions', 'actions.id', 'letters.action_id')
      .join('campaigns', 'campaigns.id', 'actions.campaign_id')
      .where(`campaigns.${idOrRef(selection.campaign)}`, selection.campaign)
  }
  const today = clock.today()
  return (await query).map((row) => ({
    id: Number(row.id),
    ref: row.ref,
    claimRef: row.claim_ref,
    state: row.state,
    failure: row.failure,
    fileSha256: row.file_sha256,
    pages: row.pages,
    renderedAt: row.rendered_at,
    debtor: row.debtor,
    stop: row.state === 'printed' ? null : heldBy(row, today),
  }))
}

function heldBy(row: Record<string, string>, today: CivilDate): Held | null {
  const status = row.status as ClaimStatus
  const stop = stopOf({ status, limitationOn: row.limitation_on! }, today)
  return stop ?? (row.route === 'manual' ? null : 'with_provider')
}
