import type DisputeResolved from '#claims/events/dispute_resolved'
import { recordEvent } from '#claims/events'
import Claim from '#claims/models/claim'
import { enqueue } from '#deliveries/outbox'
import { emailOf } from '#portal/contact'

/** Tells the debtor, in the transaction that keeps the answer, that it is on their page. Without an address a person must write. */
export default class QueueDisputeAnswer {
  async handle({ trx, dispute }: DisputeResolved) {
    if (dispute.raisedBy !== 'debtor') return
    const claim = await Claim.query({ client: trx })
      .where('id', dispute.claimId)
      .preload('debtor', (debtor) => debtor.preload('contactPoints'))
      .firstOrFail()
    const recipient = emailOf(claim.debtor)
    if (!recipient) {
      await recordEvent(trx, { claimId: claim.id, type: 'dispute.answer_no_email', actor: 'system' })
      return
    }
    await enqueue(trx, {
      key: `portal:dispute:${dispute.id}:answer`,
      recipe: 'portal.dispute_answer',
      parameters: { id: dispute.id },
      recipient,
      claimId: claim.id,
      creditorId: claim.creditorId,
    })
  }
}
