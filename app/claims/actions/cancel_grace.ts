import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type User from '#users/models/user'
import { actorOf, recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import GracePeriod from '#claims/models/grace_period'
import Pause, { GRACE_PAUSE } from '#claims/models/pause'
import { refreshStatus } from '#claims/status'

/**
 * A decision that a judge took back, or that was written down by mistake: interest accrues again
 * from today on, never for the days before, and the file goes on.
 */
export default class CancelGrace {
  handle({ grace, by }: { grace: GracePeriod; by: User }): Promise<'cancelled' | 'already_cancelled'> {
    return transaction(async (trx) => {
      await lockClaim(trx, grace.claimId)
      const current = await GracePeriod.findOrFail(grace.id, { client: trx })
      if (current.cancelledAt) return 'already_cancelled'
      const at = clock.now()
      await current.merge({ cancelledAt: at, cancelledById: by.id }).save()
      const { claimId, startsOn, endsOn } = current
      await Pause.query({ client: trx })
        .where({ claimId, reason: GRACE_PAUSE, untilOn: endsOn })
        .whereNull('liftedAt')
        .update({ liftedAt: at })
      await refreshStatus(trx, 'claims.id = ?', [claimId])
      await recordEvent(trx, {
        claimId,
        type: 'grace.cancelled',
        actor: actorOf(by),
        userId: by.id,
        detail: { startsOn, endsOn },
      })
      return 'cancelled'
    })
  }
}
