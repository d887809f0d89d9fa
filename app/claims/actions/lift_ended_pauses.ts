import { civilDateAt, type Instant } from '#shared/clock'
import { rowsOf } from '#shared/sql'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { refreshStatus } from '#claims/status'

const BATCH = 200

/**
 * Ends the pauses whose last day is over (U3), so that their files go on by themselves.
 *
 * @returns how many files resumed
 */
export default class LiftEndedPauses {
  async handle(at: Instant): Promise<number> {
    for (let lifted = 0; ;) {
      const batch = await this.#lift(at)
      lifted += batch
      if (batch < BATCH) return lifted
    }
  }

  #lift(at: Instant): Promise<number> {
    return transaction(async (trx) => {
      const ended = await rowsOf<{ id: number; claim_id: number }>(
        trx,
        `update pauses set lifted_at = :at
         where id in (select id from pauses where lifted_at is null and until_on < :today order by id limit ${BATCH})
         returning id, claim_id`,
        { at, today: civilDateAt(at) }
      )
      for (const pause of ended) {
        const claimId = Number(pause.claim_id)
        await refreshStatus(trx, 'claims.id = ?', [claimId])
        await recordEvent(trx, { claimId, type: 'claim.resumed', actor: 'system', at })
      }
      return ended.length
    })
  }
}
