import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type User from '#users/models/user'
import { actorOf, recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import { refreshLimitation } from '#claims/limitation_end'
import LimitationInterruption from '#claims/models/limitation_interruption'

/** An act written down by mistake: the limitation period is what it would have been without it. */
export default class CancelInterruption {
  handle(input: {
    interruption: LimitationInterruption
    by: User
  }): Promise<'cancelled' | 'already_cancelled'> {
    const { interruption, by } = input
    return transaction(async (trx) => {
      await lockClaim(trx, interruption.claimId)
      const current = await LimitationInterruption.findOrFail(interruption.id, { client: trx })
      if (current.cancelledAt) return 'already_cancelled'
      await current.merge({ cancelledAt: clock.now(), cancelledById: by.id }).save()
      const { claimId, kind, occurredOn } = current
      await refreshLimitation(trx, claimId)
      await recordEvent(trx, {
        claimId,
        type: 'limitation.interruption_cancelled',
        actor: actorOf(by),
        userId: by.id,
        detail: { kind, occurredOn },
      })
      return 'cancelled'
    })
  }
}
