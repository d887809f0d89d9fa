import type Stripe from 'stripe'
import { Refusal, invalid, notFound } from './errors.js'
import { randomText, type Random } from './random.js'
import type { CheckoutRequest } from './checkout_request.js'
import {
  chargeOf,
  intentOf,
  sessionOf,
  type Charge,
  type Dispute,
  type Intent,
  type Refund,
  type Session,
} from './objects.js'

export const API_VERSION = '2026-10-28.endive'

/** Card numbers of Stripe's test documentation, and why each is refused. */
const DECLINES: Record<string, { code: string; declineCode?: string; message: string }> = {
  '4000000000000002': {
    code: 'card_declined',
    declineCode: 'generic_decline',
    message: 'Your card was declined.',
  },
  '4000000000009995': {
    code: 'card_declined',
    declineCode: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  '4000000000000069': { code: 'expired_card', message: 'Your card has expired.' },
  '4000000000000127': { code: 'incorrect_cvc', message: "Your card's security code is incorrect." },
}

/** The test IBAN whose debit the bank rejects; every other one succeeds. */
export const FAILING_IBAN = 'FR8420041010050500013M02607'

type Stored = Session | Intent | Charge | Refund | Dispute
export type StripeEvent = Pick<
  Stripe.Event,
  'id' | 'object' | 'api_version' | 'created' | 'livemode' | 'pending_webhooks' | 'request'
> & { type: string; data: { object: Stored } }

/** What the simulated Stripe holds, and everything that can happen to it. */
export class Account {
  readonly sessions = new Map<string, Session>()
  readonly intents = new Map<string, Intent>()
  readonly charges = new Map<string, Charge>()
  readonly refunds = new Map<string, Refund>()
  readonly disputes = new Map<string, Dispute>()
  readonly events: StripeEvent[] = []
  readonly #requests = new Map<string, CheckoutRequest>()
  readonly #methods = new Map<string, string>()
  readonly #failingDebits = new Set<string>()

  constructor(
    readonly random: Random,
    readonly now: () => number,
    readonly baseUrl: () => string,
    readonly onEvent: (event: StripeEvent) => void
  ) {}

  createSession(request: CheckoutRequest): Session {
    const id = this.#id('cs_test_', 58)
    const session = sessionOf(id, request, this.now(), `${this.baseUrl()}/c/pay/${id}`)
    this.sessions.set(id, session)
    this.#requests.set(id, request)
    return session
  }

  session(id: string): Session {
    const session = this.sessions.get(id)
    if (!session) throw notFound('checkout.session', id, 'session')
    if (session.status === 'open' && session.expires_at <= this.now()) this.#expire(session)
    return session
  }

  expireSession(id: string): Session {
    const session = this.session(id)
    if (session.status !== 'open') {
      throw invalid(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`
      )
    }
    this.#expire(session)
    return session
  }

  /**
   * What the bank answers when the form of the hosted page is sent by card.
   *
   * @returns null when paid, else why the card was refused; the session then stays open
   */
  payByCard(sessionId: string, number: string): string | null {
    const session = this.#openSession(sessionId)
    const intent = this.#intentFor(session, 'card')
    const decline = DECLINES[number]
    const charge = this.#charge(intent, decline ? 'failed' : 'succeeded')
    if (decline) {
      charge.failure_code = decline.code
      charge.failure_message = decline.message
      this.#emit('charge.failed', charge)
      this.#refuse(intent, decline.code, decline.message, decline.declineCode)
      return decline.message
    }
    this.#emit('charge.succeeded', charge)
    this.#receive(intent)
    this.#complete(session, 'paid')
    return null
  }

  /** A SEPA debit is ordered: neither paid nor failed until `settle`. */
  payBySepaDebit(sessionId: string, iban: string): Intent {
    const session = this.#openSession(sessionId)
    const intent = this.#intentFor(session, 'sepa_debit')
    if (iban === FAILING_IBAN) this.#failingDebits.add(intent.id)
    const charge = this.#charge(intent, 'pending')
    intent.status = 'processing'
    this.#emit('payment_intent.processing', intent)
    this.#emit('charge.pending', charge)
    this.#complete(session, 'unpaid')
    return intent
  }

  /** The bank's answer to a SEPA debit, days later; `null` takes what its IBAN says. */
  settle(intentId: string, outcome: 'succeeded' | 'failed' | null = null) {
    const intent = this.intent(intentId)
    if (intent.status !== 'processing') throw new Error(`${intentId} is ${intent.status}, not processing`)
    const failed = outcome ? outcome === 'failed' : this.#failingDebits.has(intentId)
    const session = [...this.sessions.values()].find(({ payment_intent: id }) => id === intentId)!
    const charge = this.charges.get(intent.latest_charge as string)!
    charge.status = failed ? 'failed' : 'succeeded'
    charge.paid = !failed
    if (failed) {
      this.#emit('charge.failed', charge)
      this.#refuse(intent, 'debit_disputed', 'The customer’s bank refused the debit.')
      this.#emit('checkout.session.async_payment_failed', session)
      return
    }
    charge.captured = true
    charge.amount_captured = charge.amount
    this.#emit('charge.succeeded', charge)
    this.#receive(intent)
    session.payment_status = 'paid'
    this.#emit('checkout.session.async_payment_succeeded', session)
  }

  refund(intentId: string, amount: number | null): Refund {
    const intent = this.intent(intentId)
    const charge = this.charges.get((intent.latest_charge as string) ?? '')
    if (!charge || charge.status !== 'succeeded') {
      throw invalid(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`)
    }
    const left = charge.amount - charge.amount_refunded
    const refunded = amount ?? left
    if (refunded > left || refunded <= 0) {
      throw invalid(`Refund amount (${refunded}) is greater than unrefunded amount on charge (${left})`, {
        param: 'amount',
      })
    }
    const refund: Refund = {
      id: this.#id('re_', 24),
      object: 'refund',
      amount: refunded,
      charge: charge.id,
      created: this.now(),
      currency: charge.currency,
      metadata: {},
      payment_intent: intentId,
      status: 'succeeded',
    }
    this.refunds.set(refund.id, refund)
    charge.amount_refunded += refunded
    charge.refunded = charge.amount_refunded === charge.amount
    this.#emit('refund.created', refund)
    this.#emit('charge.refunded', charge)
    return refund
  }

  /** The debtor's bank takes the money back, or only asks about it (`warning_needs_response`). */
  dispute(intentId: string, status: Dispute['status'] = 'needs_response'): Dispute {
    const charge = this.charges.get((this.intent(intentId).latest_charge as string) ?? '')!
    const dispute: Dispute = {
      id: this.#id('dp_', 24),
      object: 'dispute',
      amount: charge.amount,
      charge: charge.id,
      created: this.now(),
      currency: charge.currency,
      metadata: {},
      payment_intent: intentId,
      reason: 'fraudulent',
      status,
    }
    this.disputes.set(dispute.id, dispute)
    charge.disputed = true
    this.#emit('charge.dispute.created', dispute)
    if (!status.startsWith('warning_')) this.#emit('charge.dispute.funds_withdrawn', dispute)
    return dispute
  }

  /** The bank decides; one that the agency wins gives the money back. */
  closeDispute(dispute: Dispute, status: 'won' | 'lost') {
    dispute.status = status
    this.#emit('charge.dispute.closed', dispute)
    if (status === 'won') this.#emit('charge.dispute.funds_reinstated', dispute)
  }

  intent(id: string): Intent {
    const intent = this.intents.get(id)
    if (!intent) throw notFound('payment_intent', id, 'intent')
    return intent
  }

  /** What the payer reads above the form. */
  titleOf(sessionId: string): string {
    return this.#requests
      .get(sessionId)!
      .items.map(({ name }) => name)
      .join(', ')
  }

  #openSession(id: string): Session {
    const session = this.session(id)
    if (session.status !== 'open') {
      throw new Refusal(409, { type: 'invalid_request_error', message: `Session is ${session.status}` })
    }
    return session
  }

  /** Made at the first try to pay, as Stripe does; a declined card keeps it for the next try. */
  #intentFor(session: Session, method: string): Intent {
    const present = session.payment_intent as string | null
    const intent = present
      ? this.intent(present)
      : intentOf(this.#id('pi_', 24), session, this.#requests.get(session.id)!, this.now())
    intent.payment_method = this.#id('pm_', 24)
    this.#methods.set(intent.id, method)
    if (!present) {
      this.intents.set(intent.id, intent)
      session.payment_intent = intent.id
      this.#emit('payment_intent.created', intent)
    }
    return intent
  }

  #charge(intent: Intent, status: Charge['status']): Charge {
    const charge = chargeOf(this.#id('ch_', 24), intent, this.#methods.get(intent.id)!, status, this.now())
    this.charges.set(charge.id, charge)
    intent.latest_charge = charge.id
    return charge
  }

  #receive(intent: Intent) {
    intent.status = 'succeeded'
    intent.amount_received = intent.amount
    intent.last_payment_error = null
    this.#emit('payment_intent.succeeded', intent)
  }

  #refuse(intent: Intent, code: string, message: string, declineCode?: string) {
    intent.status = 'requires_payment_method'
    intent.payment_method = null
    intent.last_payment_error = { type: 'card_error', code, message, decline_code: declineCode }
    this.#emit('payment_intent.payment_failed', intent)
  }

  #complete(session: Session, paymentStatus: 'paid' | 'unpaid') {
    session.status = 'complete'
    session.payment_status = paymentStatus
    session.url = null
    this.#emit('checkout.session.completed', session)
  }

  #expire(session: Session) {
    session.status = 'expired'
    session.url = null
    this.#emit('checkout.session.expired', session)
  }

  #emit(type: string, object: Stored) {
    const event: StripeEvent = {
      id: this.#id('evt_', 24),
      object: 'event',
      api_version: API_VERSION,
      created: this.now(),
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
      data: { object: structuredClone(object) },
    }
    this.events.push(event)
    this.onEvent(event)
  }

  #id(prefix: string, length: number) {
    return prefix + randomText(this.random, length)
  }
}
