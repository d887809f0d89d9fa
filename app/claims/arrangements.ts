import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import { refreshStatus } from '#claims/status'

/** What holds the reminders of a file because its debtor and its creditor agreed on something. */
export type ArrangementKind = 'plan' | 'promise'

/**
 * Holds the reminders of a file, and its interest from the day after `interestStopsOn`, until the
 * arrangement ends. Holding twice changes nothing.
 */
export async function hold(
  trx: TransactionClientContract,
  claimId: number,
  kind: ArrangementKind,
  interestStopsOn: CivilDate | null = null
) {
  const open = await trx.from('arrangements').where({ claim_id: claimId, kind }).whereNull('ended_at').first()
  if (!open) {
    await trx
      .table('arrangements')
      .insert({ claim_id: claimId, kind, interest_stops_on: interestStopsOn, created_at: clock.now() })
  }
  await refreshStatus(trx, 'claims.id = ?', [claimId])
}

/**
 * Ends it: the campaign goes on where it was. Interest runs again from the day after `on`; the days
 * that bore none never will, so that a statement of the past stays the same (rule 24).
 */
export async function release(
  trx: TransactionClientContract,
  claimId: number,
  kind: ArrangementKind,
  on: CivilDate = clock.today()
) {
  await trx
    .from('arrangements')
    .where({ claim_id: claimId, kind })
    .whereNull('ended_at')
    .update({
      ended_at: clock.now(),
      interest_resumes_on: trx.raw(
        'case when interest_stops_on is null then null when interest_stops_on > ? then interest_stops_on else ? end',
        [on, on]
      ),
    })
  await refreshStatus(trx, 'claims.id = ?', [claimId])
}
