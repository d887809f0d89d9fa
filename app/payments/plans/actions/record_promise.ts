import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { transaction } from '#shared/transaction'
import { hold } from '#claims/arrangements'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import Claim from '#claims/models/claim'
import { loadOwed } from '#claims/owed'
import Plan, { AGREED_PLANS } from '#payments/plans/models/plan'
import PromiseToPay from '#payments/plans/models/promise'
import { endPromise } from '#payments/plans/promises'
import { lastPaymentId } from '#payments/plans/received'

export interface PromiseInput {
  claimId: number
  amountCents: Cents
  dueOn: CivilDate
  /** The debtor's request for time that it answers. */
  requestId?: number | null
  userId?: number | null
}

/**
 * Notes what a debtor promised, and holds the reminders until then. A new promise takes the place of
 * the former. None beside a plan, on a file that is over or disputed, or for more than is owed.
 */
export class RecordPromise {
  handle(input: PromiseInput, open?: TransactionClientContract): Promise<'recorded' | 'not_open'> {
    return transaction((trx) => this.#record(trx, input), open)
  }

  async #record(trx: TransactionClientContract, input: PromiseInput) {
    const { claimId, amountCents, dueOn, userId = null } = input
    await lockClaim(trx, claimId)
    const claim = await Claim.findOrFail(claimId, { client: trx })
    const today = clock.today()
    const plan = await Plan.query({ client: trx })
      .where('claimId', claimId)
      .whereIn('state', [...AGREED_PLANS])
      .first()
    const owed = await loadOwed(claimId, today, trx)
    const fits = amountCents > 0 && amountCents <= owed.totalCents && dueOn >= today
    if (plan || !fits || !['new', 'active', 'paused'].includes(claim.status)) return 'not_open'
    const former = await PromiseToPay.query({ client: trx }).where({ claimId, state: 'open' }).first()
    if (former) await endPromise(trx, former, 'cancelled', userId)
    await PromiseToPay.create(
      {
        claimId,
        amountCents,
        dueOn,
        state: 'open',
        afterPaymentId: await lastPaymentId(trx, claimId),
        requestId: input.requestId ?? null,
        userId,
        createdAt: clock.now(),
      },
      { client: trx }
    )
    await hold(trx, claimId, 'promise')
    await recordEvent(trx, {
      claimId,
      type: 'promise.made',
      actor: userId ? 'user' : 'debtor',
      userId,
      detail: { amountCents, dueOn },
    })
    return 'recorded'
  }
}
