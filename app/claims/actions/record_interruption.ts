import { clock, type CivilDate } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type User from '#users/models/user'
import { keepDocument, type Attachment } from '#claims/actions/attach_documents'
import { actorOf, recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import { refreshLimitation } from '#claims/limitation_end'
import type Claim from '#claims/models/claim'
import LimitationInterruption, { type InterruptionKind } from '#claims/models/limitation_interruption'

export type InterruptionInput = {
  claim: Claim
  kind: InterruptionKind
  occurredOn: CivilDate
  /** What proves it. */
  proof: Attachment
  by: User
}

/**
 * Rule 38: a signed acknowledgement (C. civ. 2240), a claim in court (2241) or an act of
 * enforcement (2244) restarts the limitation period in full (2231), unless it had run out by
 * then. The same act of the same day twice is one.
 */
export default class RecordInterruption {
  handle({
    claim,
    kind,
    occurredOn,
    proof,
    by,
  }: InterruptionInput): Promise<'recorded' | 'already_recorded'> {
    return transaction(async (trx) => {
      await lockClaim(trx, claim.id)
      const same = await LimitationInterruption.query({ client: trx })
        .where({ claimId: claim.id, kind, occurredOn })
        .whereNull('cancelledAt')
        .first()
      if (same) return 'already_recorded'
      const who = { userId: by.id, actor: actorOf(by) }
      const about = { claim, kind: 'other' as const, shownToDebtor: false, ...who }
      const { document } = await keepDocument(trx, about, proof)
      await LimitationInterruption.create(
        {
          claimId: claim.id,
          kind,
          occurredOn,
          documentId: document.id,
          userId: by.id,
          createdAt: clock.now(),
        },
        { client: trx }
      )
      await refreshLimitation(trx, claim.id)
      await recordEvent(trx, {
        ...who,
        claimId: claim.id,
        type: 'limitation.interrupted',
        detail: { kind, occurredOn },
      })
      return 'recorded'
    })
  }
}
