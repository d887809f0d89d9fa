import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addMinutes, civilDateAt, clock } from '#shared/clock'
import { hold } from '#claims/arrangements'
import { recordEvent } from '#claims/events'
import { tellCreditor, tellDebtor } from '#payments/plans/announcements'
import type Plan from '#payments/plans/models/plan'
import PromiseToPay from '#payments/plans/models/promise'
import { endPromise } from '#payments/plans/promises'

/** U5: a plan begins with its first instalment, within 48 hours. */
export const START_MINUTES = 48 * 60

/**
 * A proposal becomes an agreement: reminders and interest stop, the first instalment is awaited, and
 * it takes the place of a promise.
 * The plan is known to be `proposed`, its claim locked. Interest stopped on the day it was
 * acknowledged, whenever a person answers.
 */
export async function acceptPlan(
  trx: TransactionClientContract,
  plan: Plan,
  by: { userId: number } | null = null
) {
  await agree(trx, plan, by)
  await tellDebtor(trx, plan, 'accepted')
  if (by) await tellCreditor(trx, plan, 'accepted')
}

/** The agreement itself, told to nobody yet. */
export async function agree(
  trx: TransactionClientContract,
  plan: Plan,
  by: { userId: number } | null = null
) {
  const now = clock.now()
  await plan
    .merge({
      state: 'accepted',
      startByAt: addMinutes(now, START_MINUTES),
      userId: by?.userId ?? null,
      updatedAt: now,
    })
    .save()
  await hold(trx, plan.claimId, 'plan', civilDateAt(plan.createdAt))
  const promise = await PromiseToPay.query({ client: trx })
    .where({ claimId: plan.claimId, state: 'open' })
    .first()
  if (promise) await endPromise(trx, promise, 'cancelled')
  await recordEvent(trx, {
    claimId: plan.claimId,
    type: 'plan.accepted',
    actor: by ? 'user' : 'system',
    userId: by?.userId ?? null,
    detail: { plan: plan.ref },
  })
}
