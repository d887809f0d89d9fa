import db from '@adonisjs/lucid/services/db'
import { addWorkingDays } from '#shared/calendar'
import { civilDateAt, clock, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import PromiseToPay from '#payments/plans/models/promise'
import SettlementOffer from '#payments/plans/models/settlement_offer'
import { endPromise, followPromise } from '#payments/plans/promises'

/**
 * The promises that were not kept break on the next working day (a transfer of the last day arrives
 * then), and offers end after their day. Part of the tick.
 */
export class EndPromises {
  async handle(at: Instant) {
    const today = civilDateAt(at)
    return clock.at(at, async () => ({
      broken: await this.#breakPromises(today),
      expired: await this.#endOffers(today),
    }))
  }

  async #breakPromises(today: string): Promise<number> {
    const open = await PromiseToPay.query().where('state', 'open').where('dueOn', '<', today).orderBy('id')
    let broken = 0
    for (const { id, claimId, dueOn } of open) {
      if (addWorkingDays(dueOn, 1) > today || (await debitUnderWay(claimId))) continue
      const ended = await transaction(async (trx) => {
        await lockClaim(trx, claimId)
        await followPromise(trx, claimId)
        return endPromise(trx, await PromiseToPay.findOrFail(id, { client: trx }), 'broken')
      })
      if (ended) broken += 1
    }
    return broken
  }

  async #endOffers(today: string): Promise<number> {
    const open = await SettlementOffer.query()
      .where('state', 'open')
      .where('expiresOn', '<', today)
      .orderBy('id')
    let expired = 0
    for (const { id, claimId } of open) {
      // What is being confirmed was ordered in time: its bank answers first.
      if (await debitUnderWay(claimId)) continue
      const ended = await transaction(async (trx) => {
        await lockClaim(trx, claimId)
        const changed: unknown = await trx
          .from('settlement_offers')
          .where({ id, state: 'open' })
          .update({ state: 'expired', ended_at: clock.now() })
        if (Number(changed) === 0) return false
        await recordEvent(trx, { claimId, type: 'offer.expired', actor: 'system' })
        return true
      })
      if (ended) expired += 1
    }
    return expired
  }
}

const debitUnderWay = async (claimId: number) =>
  (await db.from('payment_attempts').where({ claim_id: claimId, state: 'processing' }).first()) !== null
