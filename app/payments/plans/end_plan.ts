import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { release } from '#claims/arrangements'
import { recordEvent } from '#claims/events'
import { tellCreditor, tellDebtor } from '#payments/plans/announcements'
import type Plan from '#payments/plans/models/plan'
import type { PlanState } from '#payments/plans/models/plan'

export type PlanEnd = Extract<PlanState, 'completed' | 'broken' | 'lapsed' | 'refused' | 'cancelled'>

/**
 * Ends a plan that is still live: the campaign goes on where it was, interest runs again, and both
 * sides are told of what they do not know yet. Ending twice changes nothing.
 */
export async function endPlan(
  trx: TransactionClientContract,
  plan: Plan,
  end: PlanEnd,
  by: { userId?: number | null; note?: string | null } = {}
): Promise<boolean> {
  const at = clock.now()
  const declined = end === 'refused' && plan.offeredById !== null
  const changed: unknown = await trx
    .from('plans')
    .where('id', plan.id)
    .whereIn('state', ['proposed', 'accepted', 'active'])
    .update({ state: end, note: by.note ?? plan.note, updated_at: at, ended_at: at })
  if (Number(changed) === 0) return false
  await release(trx, plan.claimId, 'plan')
  await recordEvent(trx, {
    claimId: plan.claimId,
    type: declined ? 'plan.declined' : `plan.${end}`,
    actor: by.userId ? 'user' : declined ? 'debtor' : 'system',
    userId: by.userId ?? null,
    detail: { plan: plan.ref, note: by.note ?? null },
  })
  // Paid in full: the last receipt says so. Whoever declines knows.
  if (end !== 'completed' && !declined) await tellDebtor(trx, plan, end)
  await tellCreditor(trx, plan, declined ? 'declined' : end)
  return true
}
