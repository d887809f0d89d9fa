import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import DebtorRequest from '#claims/models/debtor_request'

/** Marks a debtor's request as answered by a person. A second time changes nothing. */
export default class HandleRequest {
  handle(input: { request: DebtorRequest; userId: number }): Promise<'handled' | 'already_handled'> {
    return transaction(async (trx) => {
      const at = clock.now()
      const changed = await DebtorRequest.query({ client: trx })
        .where('id', input.request.id)
        .whereNull('handledAt')
        .update({ handledAt: at, userId: input.userId })
      if (Number(changed) === 0) return 'already_handled'
      await recordEvent(trx, {
        claimId: input.request.claimId,
        type: 'request.handled',
        actor: 'user',
        userId: input.userId,
        detail: { kind: input.request.kind },
        at,
      })
      return 'handled'
    })
  }
}
