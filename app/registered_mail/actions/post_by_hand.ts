import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import Letter from '#letters/models/letter'
import Mailing from '#registered_mail/models/mailing'
import { mayPostByHand } from '#registered_mail/queries/mailing_of'
import type User from '#users/models/user'

/**
 * A letter that its provider did not take goes back to the pile of those printed and posted by us.
 * Its row of the outbox can no longer leave: the guard sees that the route is another.
 */
export class PostByHand {
  /** @returns false when a provider has it, or may have */
  async handle({ ref, by }: { ref: string; by: User }): Promise<boolean> {
    return transaction(async (trx) => {
      const letter = await Letter.query({ client: trx }).where('ref', ref).forUpdate().firstOrFail()
      const mailing = await Mailing.query({ client: trx }).where('letterId', letter.id).forUpdate().first()
      if (!mayPostByHand(letter, mailing)) return false
      if (await isUnderWay(trx, letter.id)) return false
      await letter.merge({ route: 'manual' }).save()
      await mailing!
        .merge({ provider: 'manual', providerRef: null, state: 'awaiting_confirmation', reason: null })
        .merge({ endedOn: null, updatedAt: clock.now() })
        .save()
      const detail = { letter: ref }
      const type = 'mailings.by_hand'
      await recordEvent(trx, { claimId: letter.claimId, type, actor: 'user', userId: by.id, detail })
      return true
    })
  }
}

/** Sent again by a person from the mailbox, it may be leaving at this moment. */
async function isUnderWay(trx: TransactionClientContract, letterId: number): Promise<boolean> {
  const row = await trx
    .from('deliveries')
    .where({ letter_id: letterId, channel: 'print' })
    .whereNotIn('state', ['failed', 'cancelled'])
    .first()
  return row !== null
}
