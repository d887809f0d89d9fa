import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { recordEvent } from '#claims/events'
import Plan, { AGREED_PLANS } from '#payments/plans/models/plan'
import { agree } from '#payments/plans/accept_plan'
import { endPlan } from '#payments/plans/end_plan'
import { coverage, isScheduled, type Money } from '#payments/plans/schedule'
import { followPromise } from '#payments/plans/promises'
import { receivedSince } from '#payments/plans/received'

/**
 * Brings the plan and the promise of a file to what the ledger says was received (a card, a
 * transfer, a cheque count alike), in the transaction that wrote the money: an accepted plan begins
 * with its first instalment, and so does one that was put to the debtor; one that is all paid is
 * over. Asking twice changes nothing.
 */
export async function followPayments(trx: TransactionClientContract, claimId: number) {
  await followPromise(trx, claimId)
  const plan = (await agreedPlan(trx, claimId)) ?? (await offeredPlan(trx, claimId))
  if (!plan) return
  const paid = coverage(plan.instalments, await receivedSince(trx, claimId, plan.afterPaymentId))
  for (const [index, instalment] of plan.instalments.entries()) {
    if (instalment.paidCents !== paid[index]) await instalment.merge({ paidCents: paid[index]! }).save()
  }
  const { status } = await trx.from('claims').where('id', claimId).firstOrFail()
  if (status === 'paid' || plan.instalments.every(({ openCents }) => openCents === 0)) {
    return endPlan(trx, plan, 'completed')
  }
  if (plan.state !== 'active' && plan.instalments[0]!.openCents === 0) {
    if (plan.state === 'proposed') await agree(trx, plan)
    await plan.merge({ state: 'active', updatedAt: clock.now() }).save()
    await recordEvent(trx, {
      claimId,
      type: 'plan.started',
      actor: 'system',
      detail: { plan: plan.ref },
    })
  }
}

/** Rule 34: true for money that a plan known to the creditor foresaw. Ask it before the money is posted. */
export async function isForeseen(trx: TransactionClientContract, claimId: number, money: Money) {
  const plan = await agreedPlan(trx, claimId)
  return plan !== null && plan.creditorTold && isScheduled(plan.instalments, money)
}

const agreedPlan = (trx: TransactionClientContract, claimId: number) =>
  Plan.query({ client: trx })
    .where('claimId', claimId)
    .whereIn('state', [...AGREED_PLANS])
    .preload('instalments')
    .first()

/** Put to the debtor, who has not answered: paying its first instalment is an answer. */
const offeredPlan = (trx: TransactionClientContract, claimId: number) =>
  Plan.query({ client: trx })
    .where({ claimId, state: 'proposed' })
    .whereNotNull('offeredById')
    .preload('instalments')
    .first()
