import { clock, type CivilDate } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type User from '#users/models/user'
import { keepDocument, type Attachment } from '#claims/actions/attach_documents'
import { actorOf, recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import type Claim from '#claims/models/claim'
import GracePeriod from '#claims/models/grace_period'
import Pause, { GRACE_PAUSE } from '#claims/models/pause'
import { refreshStatus } from '#claims/status'

export type GraceInput = {
  claim: Claim
  startsOn: CivilDate
  /** Two years after the start at the most. */
  endsOn: CivilDate
  /** The judge's decision. */
  decision: Attachment
  by: User
}

/**
 * Records the time that a judge gave the debtor (C. civ. 1343-5): no interest accrues from its
 * first day to its last, and nothing leaves on the file until it is over. Two decisions never
 * overlap: the days of a second one would be counted once only.
 */
export default class GrantGrace {
  handle({ claim, startsOn, endsOn, decision, by }: GraceInput): Promise<'granted' | 'overlapping'> {
    return transaction(async (trx) => {
      await lockClaim(trx, claim.id)
      const other = await GracePeriod.query({ client: trx })
        .where('claimId', claim.id)
        .whereNull('cancelledAt')
        .where('startsOn', '<=', endsOn)
        .where('endsOn', '>=', startsOn)
        .first()
      if (other) return 'overlapping'
      const who = { userId: by.id, actor: actorOf(by) }
      const at = clock.now()
      const about = { claim, kind: 'other' as const, shownToDebtor: false, ...who }
      const { document } = await keepDocument(trx, about, decision)
      await GracePeriod.create(
        { claimId: claim.id, startsOn, endsOn, documentId: document.id, userId: by.id, createdAt: at },
        { client: trx }
      )
      if (endsOn >= clock.today()) {
        await Pause.create(
          { claimId: claim.id, reason: GRACE_PAUSE, untilOn: endsOn, userId: by.id, createdAt: at },
          { client: trx }
        )
      }
      await refreshStatus(trx, 'claims.id = ?', [claim.id])
      await recordEvent(trx, {
        ...who,
        claimId: claim.id,
        type: 'grace.granted',
        detail: { startsOn, endsOn },
      })
      return 'granted'
    })
  }
}
