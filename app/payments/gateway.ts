import Stripe from 'stripe'
import env from '#start/env'
import app from '@adonisjs/core/services/app'
import {
  idOf,
  methodOf,
  savedBySetup,
  savedMethodOf,
  WORKED_TYPES,
  type IntentState,
  type SavedMethod,
} from '#payments/facts'
import type { AccountRequest } from '#creditors/models/connected_account'
import { accountStateOf } from '#payments/accounts/account_state'
import {
  NEW_CUSTOMER,
  type AccountState,
  type Answer,
  type ChargeRequest,
  type CheckoutRequest,
  type MethodChange,
  type OnboardingPage,
} from '#payments/gateway_requests'
import type { ObjectKind } from '#payments/read_fact'

const TIMEOUT_MS = 10_000

/** Lists are long, change nothing, and are read in the background: a page that is lost is read again. */
const PAGE = 100
const READ_AGAIN = { maxNetworkRetries: 4 }

/** Pinned: an answer has one shape, whatever the account's default version becomes. */
const API_VERSION = '2026-10-28.endive'

let known: { settings: string; gateway: StripeGateway } | null = null

/** The gateway, or null when no key is set: the debtor is then offered the transfer only. */
export function stripeGateway(): StripeGateway | null {
  const key = env.get('STRIPE_SECRET_KEY')
  if (!key) return null
  const base = env.get('STRIPE_API_BASE') || null
  const settings = `${key} ${base}`
  if (known?.settings !== settings) known = { settings, gateway: new StripeGateway(key, base) }
  return known.gateway
}

/**
 * Everything we say to Stripe. Where something may be done, the SDK retries
 * nothing by itself, save once a connection closed under it, with the same key:
 * whether to ask again is decided by the row of the attempt.
 */
export class StripeGateway {
  readonly #stripe: Stripe

  constructor(key: string, base: string | null) {
    if (app.inTest && base === null) throw new Error('tests never speak to the real Stripe')
    this.#stripe = new Stripe(key, {
      apiVersion: API_VERSION,
      timeout: TIMEOUT_MS,
      maxNetworkRetries: 0,
      telemetry: false,
      ...(base ? addressOf(base) : {}),
    })
  }

  openCheckout(request: CheckoutRequest): Promise<Answer<Stripe.Checkout.Session>> {
    const metadata = metadataOf(request)
    const keeping = request.keepFor
    const customer =
      keeping === NEW_CUSTOMER ? { customer_creation: 'always' as const } : keeping && { customer: keeping }
    return ask(() =>
      this.#stripe.checkout.sessions.create(
        {
          mode: 'payment',
          submit_type: 'pay',
          locale: request.locale,
          client_reference_id: request.claimRef,
          line_items: [
            {
              quantity: 1,
              price_data: {
                currency: 'eur',
                unit_amount: request.amountCents,
                product_data: { name: request.title },
              },
            },
          ],
          metadata,
          ...customer,
          payment_intent_data: {
            metadata,
            description: request.title,
            ...sentTo(request.destination),
            ...(keeping && { setup_future_usage: 'off_session' as const }),
          },
          success_url: request.successUrl,
          cancel_url: request.cancelUrl,
          expires_at: request.expiresAt,
        },
        { idempotencyKey: request.attemptKey }
      )
    )
  }

  /** Opens a page that takes no money, and keeps another card or mandate for the instalments to come. */
  openMethodChange(request: MethodChange): Promise<Answer<Stripe.Checkout.Session>> {
    return ask(() =>
      this.#stripe.checkout.sessions.create({
        mode: 'setup',
        currency: 'eur',
        customer: request.customerId,
        ...(request.destination && { setup_intent_data: { on_behalf_of: request.destination } }),
        locale: request.locale,
        client_reference_id: request.claimRef,
        metadata: { claim: request.claimRef, plan: request.planRef },
        success_url: request.successUrl,
        cancel_url: request.cancelUrl,
      })
    )
  }

  /** What was left on such a page, for which plan; null while nothing was. */
  methodChange(sessionId: string): Promise<Answer<{ planRef: string | null; saved: SavedMethod } | null>> {
    return ask(async () => {
      const session = await this.#stripe.checkout.sessions.retrieve(sessionId, {
        expand: ['setup_intent', 'setup_intent.payment_method'],
      })
      const saved = savedBySetup(session.setup_intent)
      return saved && { planRef: session.metadata?.plan ?? null, saved }
    })
  }

  /** The bank may refuse, or ask for the debtor: then the answer is `refused`, with its code. */
  charge(request: ChargeRequest): Promise<Answer<Stripe.PaymentIntent>> {
    return ask(() =>
      this.#stripe.paymentIntents.create(
        {
          amount: request.amountCents,
          currency: 'eur',
          customer: request.customerId,
          payment_method: request.methodId,
          allowed_payment_method_types: [request.methodKind],
          off_session: true,
          confirm: true,
          description: request.title,
          ...sentTo(request.destination),
          metadata: { ...metadataOf(request), charge: 'instalment' },
        },
        { idempotencyKey: request.attemptKey }
      )
    )
  }

  /** The intent made for an attempt without the debtor, among those of a window of time; null when there is none. */
  findCharge(
    attemptKey: string,
    window: { fromSeconds: number; untilSeconds: number }
  ): Promise<Answer<Stripe.PaymentIntent | null>> {
    const created = { gte: window.fromSeconds, lte: window.untilSeconds }
    return ask(async () => {
      for await (const intent of this.#stripe.paymentIntents.list({ created, limit: PAGE }, READ_AGAIN)) {
        if (intent.metadata?.attempt === attemptKey) return intent
      }
      return null
    })
  }

  session(id: string): Promise<Answer<Stripe.Checkout.Session>> {
    return ask(() => this.#stripe.checkout.sessions.retrieve(id))
  }

  expire(id: string): Promise<Answer<Stripe.Checkout.Session>> {
    return ask(() => this.#stripe.checkout.sessions.expire(id))
  }

  /**
   * The session made for an attempt, looked for among those made in a window of
   * time; null when there is none. With a debtor waiting, a lost page is not read again.
   */
  findSession(
    attemptKey: string,
    window: { fromSeconds: number; untilSeconds: number },
    patience: 'debtor_waits' | 'background'
  ): Promise<Answer<Stripe.Checkout.Session | null>> {
    const created = { gte: window.fromSeconds, lte: window.untilSeconds }
    return ask(async () => {
      const options = patience === 'background' ? READ_AGAIN : undefined
      for await (const session of this.#stripe.checkout.sessions.list({ created, limit: PAGE }, options)) {
        if (session.metadata?.attempt === attemptKey) return session
      }
      return null
    })
  }

  /** How a payment stands, and by which means it was made. */
  intent(id: string): Promise<Answer<IntentState>> {
    return ask(async () => {
      const intent = await this.#stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] })
      const receivedCents = intent.status === 'succeeded' ? intent.amount_received : null
      return {
        status: intent.status,
        createdSeconds: intent.created,
        method: methodOf(intent),
        receivedCents,
        destination: idOf(intent.transfer_data?.destination ?? null),
        saved: savedMethodOf(intent),
      }
    })
  }

  /**
   * Makes a creditor's own account, as destination charges need it: the platform bears costs and losses, Stripe
   * collects what the law asks for (https://docs.stripe.com/connect/migrate-to-controller-properties).
   */
  makeAccount({ creditorRef, name, email, attemptKey }: AccountRequest): Promise<Answer<AccountState>> {
    const requested = { requested: true }
    return ask(async () =>
      accountStateOf(
        await this.#stripe.accounts.create(
          {
            country: 'FR',
            default_currency: 'eur',
            ...(email && { email }),
            business_profile: { name },
            controller: {
              fees: { payer: 'application' },
              losses: { payments: 'application' },
              requirement_collection: 'stripe',
              stripe_dashboard: { type: 'express' },
            },
            capabilities: { card_payments: requested, sepa_debit_payments: requested, transfers: requested },
            metadata: { creditor: creditorRef, attempt: attemptKey },
          },
          { idempotencyKey: attemptKey }
        )
      )
    )
  }

  /** The account made for an attempt, among those of a window of time; null when there is none. */
  findAccount(
    attemptKey: string,
    window: { fromSeconds: number; untilSeconds: number }
  ): Promise<Answer<AccountState | null>> {
    const created = { gte: window.fromSeconds, lte: window.untilSeconds }
    return ask(async () => {
      for await (const account of this.#stripe.accounts.list({ created, limit: PAGE })) {
        if (account.metadata?.attempt === attemptKey) return accountStateOf(account)
      }
      return null
    })
  }

  /** A page of Stripe's, opened once and for minutes: whoever holds its address acts for the account, so it is never kept. */
  onboardingPage({ account, returnUrl, refreshUrl }: OnboardingPage): Promise<Answer<string>> {
    return ask(async () => {
      const link = await this.#stripe.accountLinks.create({
        account,
        type: 'account_onboarding',
        return_url: returnUrl,
        refresh_url: refreshUrl,
        collection_options: { fields: 'eventually_due' },
      })
      return link.url
    })
  }

  /** A creditor's own account; null when there is none of that id that we may use. */
  account(id: string): Promise<Answer<AccountState | null>> {
    return ask(async () => {
      try {
        return accountStateOf(await this.#stripe.accounts.retrieve(id))
      } catch (error) {
        // The same for one that does not exist and one that is not connected; a key that may not ask has no code.
        if (error instanceof Stripe.errors.StripeError && error.code === 'account_invalid') return null
        throw error
      }
    })
  }

  /** One object, for an event that only names it. */
  object(kind: ObjectKind, id: string): Promise<Answer<object>> {
    const { checkout, paymentIntents, charges, disputes, refunds } = this.#stripe
    const readers = {
      session: checkout.sessions,
      intent: paymentIntents,
      charge: charges,
      dispute: disputes,
      refund: refunds,
    }
    return ask<object>(() => readers[kind].retrieve(id))
  }

  /** Sessions made since a moment, newest first, all pages. */
  sessionsSince(seconds: number): AsyncIterable<Stripe.Checkout.Session> {
    return this.#stripe.checkout.sessions.list({ created: { gte: seconds }, limit: PAGE }, READ_AGAIN)
  }

  /** Events of the kinds we work since a moment; Stripe keeps them for 30 days. */
  eventsSince(seconds: number): AsyncIterable<Stripe.Event> {
    return this.#stripe.events.list(
      { created: { gte: seconds }, types: [...WORKED_TYPES], limit: PAGE },
      READ_AGAIN
    )
  }
}

const metadataOf = ({ claimRef, attemptKey }: { claimRef: string; attemptKey: string }) => ({
  claim: claimRef,
  attempt: attemptKey,
})

/** A destination charge: the creditor is the merchant, and the money is transferred to its account at once. */
const sentTo = (destination: string | undefined) =>
  destination === undefined ? {} : { on_behalf_of: destination, transfer_data: { destination } }

/** @throws what is not an answer of the gateway: a defect of ours */
async function ask<T>(question: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await question() }
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    const retryAfterMs = 1000 * (Number(error.headers?.['retry-after']) || 0)
    return { ok: false, why: reasonOf(error), code: error.code ?? error.type, retryAfterMs }
  }
}

function reasonOf(error: InstanceType<typeof Stripe.errors.StripeError>) {
  const status = error.statusCode
  if (status === 401 || status === 403) return 'barred'
  if (status === undefined || status === 429 || error.code === 'idempotency_key_in_use') return 'lost'
  return status >= 500 ? 'broken' : 'refused'
}

function addressOf(base: string) {
  const { protocol, hostname, port } = new URL(base)
  const scheme = protocol === 'http:' ? 'http' : 'https'
  return {
    protocol: scheme,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port || (scheme === 'http' ? 80 : 443),
  } as const
}
