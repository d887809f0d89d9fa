import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type User from '#users/models/user'
import { actorOf, recordEvent } from '#claims/events'
import { lockClaim, restorePrincipal, settleToday } from '#claims/ledger'
import CreditNote from '#claims/models/credit_note'

/**
 * A credit note written down by mistake no longer counts, from today on: what was said of the
 * days before stays as it was. A second time changes nothing.
 */
export default class CancelCreditNote {
  handle({ note, by }: { note: CreditNote; by: User }): Promise<'cancelled' | 'already_cancelled'> {
    return transaction(async (trx) => {
      await lockClaim(trx, note.claimId)
      const current = await CreditNote.findOrFail(note.id, { client: trx })
      if (current.cancelledAt) return 'already_cancelled'
      await current.merge({ cancelledAt: clock.now(), cancelledById: by.id }).save()
      const { claimId, key, number, amountCents } = current
      await recordEvent(trx, {
        claimId,
        type: 'credit_note.cancelled',
        actor: actorOf(by),
        userId: by.id,
        detail: { number, amountCents },
      })
      await restorePrincipal(trx, { claimId, key, on: clock.today(), reason: 'credit_note_cancelled' })
      await settleToday(trx, claimId)
      return 'cancelled'
    })
  }
}
