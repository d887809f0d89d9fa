import db from '@adonisjs/lucid/services/db'
import { clock, type CivilDate } from '#shared/clock'
import type { ClaimStatus } from '#claims/models/claim'
import { stopOf, type Stop } from '#letters/stop'

export interface LetterToNumber {
  ref: string
  claimRef: string
  debtor: string
  place: string
  datedOn: CivilDate
  /** Its file stopped since: it must not be posted. */
  stop: Stop | null
}

const MOST_SHOWN = 200

/** Registered letters printed by us that wait for the number on their slip. */
export const lettersToNumber = {
  async count(): Promise<number> {
    const row = await scope().count('* as total').first()
    return Number(row.total)
  },

  /** In the order they were written, which is that of the pile. */
  async rows(): Promise<LetterToNumber[]> {
    const rows = await scope()
      .join('debtors', 'debtors.id', 'claims.debtor_id')
      .joinRaw('left join addresses on addresses.debtor_id = debtors.id and addresses.replaced_at is null')
      .orderBy('letters.id')
      .limit(MOST_SHOWN)
      .select('letters.ref', 'letters.dated_on', 'claims.ref as claim_ref', 'claims.status')
      .select('claims.limitation_on', 'addresses.postcode', 'addresses.city')
      .select(db.raw('coalesce(debtors.company_name, debtors.full_name) as debtor'))
    const today = clock.today()
    return rows.map((row) => ({
      ref: row.ref,
      claimRef: row.claim_ref,
      debtor: row.debtor,
      place: [row.postcode, row.city].filter(Boolean).join(' '),
      datedOn: row.dated_on,
      stop: stopOf({ status: row.status as ClaimStatus, limitationOn: row.limitation_on }, today),
    }))
  },
}

const scope = () =>
  db
    .from('letters')
    .join('claims', 'claims.id', 'letters.claim_id')
    .where({ 'letters.kind': 'lrar', 'letters.state': 'rendered', 'letters.route': 'manual' })
