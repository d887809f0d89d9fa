import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { sum } from '#shared/money'
import { release } from '#claims/arrangements'
import { recordEvent } from '#claims/events'
import { receivedSince } from '#payments/plans/received'
import PromiseToPay from '#payments/plans/models/promise'

/** A promise is kept once as much as was promised has come, by its day. */
export async function followPromise(trx: TransactionClientContract, claimId: number) {
  const promise = await PromiseToPay.query({ client: trx })
    .where('claimId', claimId)
    .where('state', 'open')
    .first()
  if (!promise) return
  const { status } = await trx.from('claims').where('id', claimId).firstOrFail()
  const money = await receivedSince(trx, claimId, promise.afterPaymentId)
  const inTime = sum(money.filter(({ on }) => on <= promise.dueOn).map(({ cents }) => cents))
  if (status === 'paid' || inTime >= promise.amountCents) await endPromise(trx, promise, 'kept')
}

/** Ends an open promise, and lets the campaign go on where it was. */
export async function endPromise(
  trx: TransactionClientContract,
  promise: PromiseToPay,
  state: 'kept' | 'broken' | 'cancelled',
  userId: number | null = null
) {
  const changed: unknown = await trx
    .from('promises')
    .where({ id: promise.id, state: 'open' })
    .update({ state, ended_at: clock.now() })
  if (Number(changed) === 0) return false
  await release(trx, promise.claimId, 'promise')
  await recordEvent(trx, {
    claimId: promise.claimId,
    type: `promise.${state}`,
    actor: userId ? 'user' : 'system',
    userId,
    detail: { amountCents: promise.amountCents, dueOn: promise.dueOn },
  })
  return true
}

/** A person has seen that a promise was not kept: it leaves the agenda. */
export const seeBroken = (trx: TransactionClientContract, claimId: number) =>
  trx
    .from('promises')
    .where({ claim_id: claimId, state: 'broken' })
    .whereNull('seen_at')
    .update({ seen_at: clock.now() })
