import type Stripe from 'stripe'
import { accountOf, Connected } from './connected.js'
import { Refusal, invalid, noAccess, notFound } from './errors.js'
import type { ChargeRequest } from './charge_request.js'
import { randomText, type Random } from './random.js'
import type { CheckoutRequest } from './checkout_request.js'
import {
  chargeOf,
  intentOf,
  sessionOf,
  type Application,
  type Charge,
  type ConnectedAccount,
  type Customer,
  type Dispute,
  type Intent,
  type PaymentMethod,
  type Refund,
  type Session,
  type SetupIntent,
} from './objects.js'

export const API_VERSION = '2026-10-28.endive'

type Decline = { code: string; declineCode?: string; message: string }

/** Card numbers of Stripe's test documentation, and why each is refused. */
const DECLINES: Record<string, Decline> = {
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

/** The test card that its bank always authenticates: with the customer absent, it is refused. */
export const AUTHENTICATED_CARD = '4000002760003184'
const AUTHENTICATION_REQUIRED: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
}

/** The test IBAN whose debit the bank rejects; every other one succeeds. */
export const FAILING_IBAN = 'FR8420041010050500013M02607'

type Stored =
  | Session
  | Intent
  | Charge
  | Refund
  | Dispute
  | Customer
  | PaymentMethod
  | SetupIntent
  | ConnectedAccount
  | Application
/** What was typed on the hosted page. */
type Used = { method: Pick<PaymentMethod, 'type' | 'card' | 'sepa_debit'>; number: string }
export type StripeEvent = Pick<
  Stripe.Event,
  'id' | 'object' | 'api_version' | 'created' | 'livemode' | 'pending_webhooks' | 'request'
> & {
  type: string
  data: { object: Stored }
  /** The connected account it happened on: sent to another endpoint, and not listed with the platform's. */
  account?: string
}

/** What the simulated Stripe holds, and everything that can happen to it. */
export class Account {
  readonly sessions = new Map<string, Session>()
  readonly intents = new Map<string, Intent>()
  readonly charges = new Map<string, Charge>()
  readonly refunds = new Map<string, Refund>()
  readonly disputes = new Map<string, Dispute>()
  readonly events: StripeEvent[] = []
  readonly #requests = new Map<string, CheckoutRequest>()
  readonly customers = new Map<string, Customer>()
  readonly methods = new Map<string, PaymentMethod>()
  readonly connectedAccounts = new Map<string, ConnectedAccount>()
  readonly onboarding = new Connected(this)
  readonly setups = new Map<string, SetupIntent>()
  /** What the bank answers to a method from now on, whatever its number. */
  readonly #moods = new Map<string, Decline>()
  readonly #numbers = new Map<string, string>()
  readonly #used = new Map<string, Used>()
  readonly #failingDebits = new Set<string>()

  constructor(
    readonly random: Random,
    readonly now: () => number,
    readonly baseUrl: () => string,
    readonly onEvent: (event: StripeEvent) => void
  ) {}

  createSession(request: CheckoutRequest): Session {
    const id = this.#id('cs_test_', 58)
    if (request.customer) this.customer(request.customer)
    this.#assertMayReceive(request.destination ?? request.onBehalfOf)
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
  payByCard(sessionId: string, number: string, expiry = { month: 12, year: 2034 }): string | null {
    const session = this.#openSession(sessionId)
    const card = { brand: 'visa', last4: number.slice(-4), exp_month: expiry.month, exp_year: expiry.year }
    if (session.mode === 'setup') {
      const refusal = DECLINES[number]
      if (!refusal) this.#setUp(session, { method: { type: 'card', card }, number })
      return refusal?.message ?? null
    }
    const intent = this.#intentFor(session, { type: 'card', card }, number)
    const decline = DECLINES[number]
    const charge = this.#charge(intent, this.#used.get(intent.id)!.method, decline ? 'failed' : 'succeeded')
    if (decline) {
      charge.failure_code = decline.code
      charge.failure_message = decline.message
      this.emit('charge.failed', charge)
      this.#refuse(intent, decline.code, decline.message, decline.declineCode)
      return decline.message
    }
    this.#keep(session, intent)
    this.emit('charge.succeeded', charge)
    this.#receive(intent)
    this.#complete(session, 'paid')
    return null
  }

  /**
   * Charges what a customer left, without them: `off_session` and `confirm`. A card is paid or
   * refused at once, a debit waits for `settle`.
   *
   * @throws Refusal 402, kept for the idempotency key, with the intent inside
   */
  chargeCustomer(request: ChargeRequest): Intent {
    this.customer(request.customer)
    this.#assertMayReceive(request.destination)
    const method = this.method(request.paymentMethod)
    if (method.customer !== request.customer) throw notFound('PaymentMethod', method.id, 'payment_method')
    const types = request.methodTypes.length > 0 ? request.methodTypes : ['card', 'sepa_debit']
    if (!types.includes(method.type)) {
      throw invalid('The payment method type is not allowed for this PaymentIntent.', {
        param: 'payment_method',
      })
    }
    const intent = intentOf(
      this.#id('pi_', 24),
      { amount_total: request.amount, currency: request.currency, payment_method_types: types },
      {
        intentMetadata: request.metadata,
        intentDescription: request.description,
        setupFutureUsage: null,
        destination: request.destination,
        onBehalfOf: request.onBehalfOf,
      },
      this.now()
    )
    intent.customer = request.customer
    intent.payment_method = method.id
    this.intents.set(intent.id, intent)
    this.emit('payment_intent.created', intent)
    if (method.type === 'sepa_debit') return this.#debit(intent, method)
    const decline = this.#declineOf(method)
    const charge = this.#charge(intent, method, decline ? 'failed' : 'succeeded')
    if (decline) {
      charge.failure_code = decline.code
      charge.failure_message = decline.message
      this.emit('charge.failed', charge)
      this.#refuse(intent, decline.code, decline.message, decline.declineCode)
      const { code, message, declineCode } = decline
      const body = { type: 'card_error', code, message, decline_code: declineCode } as const
      throw new Refusal(402, { ...body, payment_intent: structuredClone(intent) }, true)
    }
    this.emit('charge.succeeded', charge)
    this.#receive(intent)
    return intent
  }

  #debit(intent: Intent, method: PaymentMethod): Intent {
    if (this.#numbers.get(method.id) === FAILING_IBAN) this.#failingDebits.add(intent.id)
    const charge = this.#charge(intent, method, 'pending')
    intent.status = 'processing'
    this.emit('payment_intent.processing', intent)
    this.emit('charge.pending', charge)
    return intent
  }

  #declineOf(method: PaymentMethod): Decline | null {
    const { exp_month: month, exp_year: year } = method.card!
    const diesAt = Date.UTC(year, month, 1) / 1000
    if (this.now() >= diesAt) return DECLINES['4000000000000069']!
    if (this.#numbers.get(method.id) === AUTHENTICATED_CARD) return AUTHENTICATION_REQUIRED
    return this.#moods.get(method.id) ?? null
  }

  /** From now on a bank refuses a method as it refuses a test card (`4000000000009995`); null stops that. */
  refuseMethod(methodId: string, number: string | null) {
    const decline = number && DECLINES[number]
    if (decline) this.#moods.set(methodId, decline)
    else this.#moods.delete(methodId)
  }

  /** Connects an account, or changes what it may do, and tells nobody. */
  connect(id: string, chargesEnabled = true): ConnectedAccount {
    const state = chargesEnabled ? 'active' : 'inactive'
    const account: ConnectedAccount = {
      ...accountOf(id, this.now()),
      charges_enabled: chargesEnabled,
      payouts_enabled: chargesEnabled,
      details_submitted: true,
      capabilities: { card_payments: state, transfers: state },
    }
    this.connectedAccounts.set(id, account)
    return account
  }

  connected(id: string): ConnectedAccount {
    const account = this.connectedAccounts.get(id)
    if (!account) throw noAccess(id)
    return account
  }

  #assertMayReceive(destination: string | null) {
    if (destination === null) return
    const account = this.connectedAccounts.get(destination)
    if (!account) {
      throw invalid(`No such destination: '${destination}'`, {
        code: 'resource_missing',
        param: 'transfer_data[destination]',
      })
    }
    if (account.charges_enabled) return
    throw invalid(
      'Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments',
      { code: 'insufficient_capabilities_for_transfer' }
    )
  }

  /** Those that happened on the platform itself. */
  get ownEvents(): StripeEvent[] {
    return this.events.filter(({ account }) => account === undefined)
  }

  customer(id: string): Customer {
    const customer = this.customers.get(id)
    if (!customer) throw notFound('customer', id, 'customer')
    return customer
  }

  method(id: string): PaymentMethod {
    const method = this.methods.get(id)
    if (!method) throw notFound('PaymentMethod', id, 'payment_method')
    return method
  }

  /** `setup_future_usage`: what was paid with is attached to the customer, who is made when needed. */
  #keep(session: Session, intent: Intent) {
    const request = this.#requests.get(session.id)!
    if (!request.setupFutureUsage && request.customerCreation !== 'always') return
    const customer = (session.customer as string | null) ?? this.#newCustomer().id
    session.customer = customer
    intent.customer = customer
    if (!request.setupFutureUsage) return
    const used = this.#used.get(intent.id)!
    this.#attach(intent.payment_method as string, customer, used)
  }

  #attach(id: string, customer: string, { method: typed, number }: Used): PaymentMethod {
    const method: PaymentMethod = {
      id,
      object: 'payment_method',
      created: this.now(),
      customer,
      livemode: false,
      ...typed,
    }
    this.methods.set(id, method)
    this.#numbers.set(id, number)
    this.emit('payment_method.attached', method)
    return method
  }

  /** Keeps what was typed for the customer of a session in `setup` mode. */
  #setUp(session: Session, used: Used) {
    const customer = session.customer as string
    const method = this.#attach(this.#id('pm_', 24), customer, used)
    const setup: SetupIntent = {
      id: this.#id('seti_', 24),
      object: 'setup_intent',
      created: this.now(),
      customer,
      livemode: false,
      metadata: session.metadata,
      payment_method: method.id,
      status: 'succeeded',
      usage: 'off_session',
    }
    this.setups.set(setup.id, setup)
    session.setup_intent = setup.id
    this.emit('setup_intent.succeeded', setup)
    this.#complete(session, 'no_payment_required')
  }

  #newCustomer(): Customer {
    const customer: Customer = {
      id: this.#id('cus_', 14),
      object: 'customer',
      created: this.now(),
      email: null,
      livemode: false,
      metadata: {},
      name: null,
    }
    this.customers.set(customer.id, customer)
    this.emit('customer.created', customer)
    return customer
  }

  /** A SEPA debit is ordered: neither paid nor failed until `settle`. */
  payBySepaDebit(sessionId: string, iban: string): Intent | null {
    const session = this.#openSession(sessionId)
    const debit = { country: iban.slice(0, 2), last4: iban.slice(-4) }
    if (session.mode === 'setup') {
      this.#setUp(session, { method: { type: 'sepa_debit', sepa_debit: debit }, number: iban })
      return null
    }
    const intent = this.#intentFor(session, { type: 'sepa_debit', sepa_debit: debit }, iban)
    this.#keep(session, intent)
    if (iban === FAILING_IBAN) this.#failingDebits.add(intent.id)
    const charge = this.#charge(intent, this.#used.get(intent.id)!.method, 'pending')
    intent.status = 'processing'
    this.emit('payment_intent.processing', intent)
    this.emit('charge.pending', charge)
    this.#complete(session, 'unpaid')
    return intent
  }

  /** The bank's answer to a SEPA debit, days later; `null` takes what its IBAN says. */
  settle(intentId: string, outcome: 'succeeded' | 'failed' | null = null) {
    const intent = this.intent(intentId)
    if (intent.status !== 'processing') throw new Error(`${intentId} is ${intent.status}, not processing`)
    const failed = outcome ? outcome === 'failed' : this.#failingDebits.has(intentId)
    const session = [...this.sessions.values()].find(({ payment_intent: id }) => id === intentId)
    const charge = this.charges.get(intent.latest_charge as string)!
    charge.status = failed ? 'failed' : 'succeeded'
    charge.paid = !failed
    if (failed) {
      this.emit('charge.failed', charge)
      this.#refuse(intent, 'debit_disputed', 'The customer’s bank refused the debit.')
      if (session) this.emit('checkout.session.async_payment_failed', session)
      return
    }
    charge.captured = true
    charge.amount_captured = charge.amount
    this.emit('charge.succeeded', charge)
    this.#receive(intent)
    if (!session) return
    session.payment_status = 'paid'
    this.emit('checkout.session.async_payment_succeeded', session)
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
    this.emit('refund.created', refund)
    this.emit('charge.refunded', charge)
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
    this.emit('charge.dispute.created', dispute)
    if (!status.startsWith('warning_')) this.emit('charge.dispute.funds_withdrawn', dispute)
    return dispute
  }

  /** The bank decides; one that the agency wins gives the money back. */
  closeDispute(dispute: Dispute, status: 'won' | 'lost') {
    dispute.status = status
    this.emit('charge.dispute.closed', dispute)
    if (status === 'won') this.emit('charge.dispute.funds_reinstated', dispute)
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
  #intentFor(session: Session, method: Used['method'], number: string): Intent {
    const present = session.payment_intent as string | null
    const intent = present
      ? this.intent(present)
      : intentOf(this.#id('pi_', 24), session, this.#requests.get(session.id)!, this.now())
    intent.payment_method = this.#id('pm_', 24)
    this.#used.set(intent.id, { method, number })
    if (!present) {
      this.intents.set(intent.id, intent)
      session.payment_intent = intent.id
      this.emit('payment_intent.created', intent)
    }
    return intent
  }

  #charge(intent: Intent, method: Used['method'], status: Charge['status']): Charge {
    const charge = chargeOf(this.#id('ch_', 24), intent, method, status, this.now())
    this.charges.set(charge.id, charge)
    intent.latest_charge = charge.id
    return charge
  }

  #receive(intent: Intent) {
    intent.status = 'succeeded'
    intent.amount_received = intent.amount
    intent.last_payment_error = null
    this.emit('payment_intent.succeeded', intent)
  }

  #refuse(intent: Intent, code: string, message: string, declineCode?: string) {
    intent.status = 'requires_payment_method'
    intent.payment_method = null
    intent.last_payment_error = { type: 'card_error', code, message, decline_code: declineCode }
    this.emit('payment_intent.payment_failed', intent)
  }

  #complete(session: Session, paymentStatus: Session['payment_status']) {
    session.status = 'complete'
    session.payment_status = paymentStatus
    session.url = null
    this.emit('checkout.session.completed', session)
  }

  #expire(session: Session) {
    session.status = 'expired'
    session.url = null
    this.emit('checkout.session.expired', session)
  }

  emit(type: string, object: Stored, account?: string) {
    const event: StripeEvent = {
      id: this.#id('evt_', 24),
      object: 'event',
      api_version: API_VERSION,
      created: this.now(),
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      ...(account && { account }),
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
