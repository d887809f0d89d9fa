import { DateTime } from 'luxon'
import { civilDateAt, clock, instantOf, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { idOf, type ReceivedFact, type SavedMethod } from '#payments/facts'
import type { StripeGateway } from '#payments/gateway'
import Payment, { type PaymentMethod } from '#payments/models/payment'

/** Money the gateway says it received, as a payment will name it. */
export interface GatewayMoney {
  source: string
  intentId: string | null
  /** Null when the gateway does not tell. */
  method: PaymentMethod | null
  amountCents: Cents
  /** What the intent itself says was received; null when it was not asked or does not tell. */
  confirmedCents: Cents | null
  receivedOn: CivilDate
  /** The creditor's own account it went to, null for the agency's; undefined when the gateway did not tell. */
  destination: string | null | undefined
  saved: SavedMethod | null
}

/**
 * Completes what an event says by asking the gateway which intent it was, by
 * which means and when. Nothing is asked about money already posted, and no
 * answer is no reason to keep a payment waiting.
 */
export async function moneyOf(fact: ReceivedFact, gateway: StripeGateway | null): Promise<GatewayMoney> {
  const { subject, amountCents } = fact
  let { intentId } = subject
  if (!intentId && subject.sessionId) {
    const session = await gateway?.session(subject.sessionId)
    if (session?.ok) intentId = idOf(session.value.payment_intent)
  }
  const source = `stripe:${intentId ?? subject.sessionId}`
  const posted = await Payment.findBy('source', source)
  const intent = intentId && !posted ? await gateway?.intent(intentId) : undefined
  const state = intent?.ok ? intent.value : null
  // A card is debited when its intent is made; of a debit only the event tells the day.
  const seconds = fact.createdSeconds ?? (state?.method === 'card' ? state.createdSeconds : null)
  return {
    source,
    intentId,
    method: state?.method ?? null,
    amountCents,
    confirmedCents: state?.receivedCents ?? null,
    receivedOn: seconds === null ? clock.today() : dayOf(seconds),
    destination: state?.destination,
    saved: state?.saved ?? null,
  }
}

/** The civil date of a moment as the gateway writes it. */
export const dayOf = (seconds: number): CivilDate => civilDateAt(instantOf(DateTime.fromSeconds(seconds)))
