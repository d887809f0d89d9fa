import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Claim from '#claims/models/claim'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { isAssignable } from '#payments/facts'
import { moneyOf } from '#payments/gateway_money'
import { stripeGateway } from '#payments/gateway'
import { readFact } from '#payments/read_fact'
import StripeEvent from '#payments/models/stripe_event'

export interface Assignment {
  eventId: number
  claimRef: string
  userId: number
}

export type Assigned =
  | { outcome: 'posted' | 'already_posted' }
  | { outcome: 'unknown_claim' | 'not_assignable' | 'already_worked' }

/**
 * Gives money that Stripe received, and that no file could be found for, to the
 * file a person names. The same intent can still be posted only once.
 */
export class AssignEvent {
  async handle({ eventId, claimRef, userId }: Assignment): Promise<Assigned> {
    const event = await StripeEvent.findOrFail(eventId)
    if (event.workedAt) return { outcome: 'already_worked' }
    const claim = await Claim.findBy('ref', claimRef)
    if (!claim) return { outcome: 'unknown_claim' }
    const gateway = stripeGateway()
    const fact = await readFact(JSON.parse(event.payload), gateway)
    if (!isAssignable(fact)) return { outcome: 'not_assignable' }
    const money = await moneyOf(fact, gateway)
    return transaction(async (trx) => {
      const { outcome } = await new ReceivePayment().handle(
        {
          source: money.source,
          claimId: claim.id,
          method: money.method ?? (fact.byDebit ? 'sepa_debit' : 'card'),
          amountCents: money.confirmedCents ?? money.amountCents,
          receivedOn: money.receivedOn,
          destinationAccount: money.destination,
          userId,
        },
        trx
      )
      await trx
        .from('stripe_events')
        .where('id', eventId)
        .update({ worked_at: clock.now(), user_id: userId, note: `→ ${claim.ref}` })
      return { outcome }
    })
  }
}
