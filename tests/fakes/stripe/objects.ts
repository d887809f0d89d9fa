import type Stripe from 'stripe'
import type { CheckoutRequest } from './checkout_request.js'

/**
 * Stripe's objects with the fields that a Checkout payment fills; names and
 * types are those of Stripe's own SDK, so a field that changes there fails here.
 */
export type Session = Pick<
  Stripe.Checkout.Session,
  | 'id'
  | 'object'
  | 'amount_subtotal'
  | 'amount_total'
  | 'cancel_url'
  | 'client_reference_id'
  | 'created'
  | 'currency'
  | 'customer'
  | 'customer_details'
  | 'customer_email'
  | 'expires_at'
  | 'livemode'
  | 'locale'
  | 'metadata'
  | 'mode'
  | 'payment_intent'
  | 'payment_method_types'
  | 'payment_status'
  | 'setup_intent'
  | 'status'
  | 'submit_type'
  | 'success_url'
  | 'ui_mode'
  | 'url'
>

export type Intent = Pick<
  Stripe.PaymentIntent,
  | 'id'
  | 'object'
  | 'amount'
  | 'amount_capturable'
  | 'amount_received'
  | 'canceled_at'
  | 'capture_method'
  | 'confirmation_method'
  | 'created'
  | 'currency'
  | 'customer'
  | 'description'
  | 'latest_charge'
  | 'livemode'
  | 'metadata'
  | 'payment_method'
  | 'payment_method_types'
  | 'setup_future_usage'
  | 'status'
> & {
  transfer_data: { destination: string } | null
  on_behalf_of: string | null
  last_payment_error: { type: string; code: string; message: string; decline_code?: string } | null
}

export type Charge = Pick<
  Stripe.Charge,
  | 'id'
  | 'object'
  | 'amount'
  | 'amount_captured'
  | 'amount_refunded'
  | 'captured'
  | 'created'
  | 'currency'
  | 'description'
  | 'disputed'
  | 'failure_code'
  | 'failure_message'
  | 'livemode'
  | 'metadata'
  | 'paid'
  | 'payment_intent'
  | 'payment_method'
  | 'refunded'
  | 'status'
> & { payment_method_details: { type: string; card?: object; sepa_debit?: object } }

export type Customer = Pick<
  Stripe.Customer,
  'id' | 'object' | 'created' | 'email' | 'livemode' | 'metadata' | 'name'
>

/** A creditor's own account, connected to this one. */
export type ConnectedAccount = Pick<
  Stripe.Account,
  | 'id'
  | 'object'
  | 'charges_enabled'
  | 'payouts_enabled'
  | 'country'
  | 'details_submitted'
  | 'email'
  | 'metadata'
  | 'capabilities'
  | 'controller'
  | 'requirements'
> & { created: number }

/** What an event says when a creditor takes its account away. */
export type Application = Pick<Stripe.Application, 'id' | 'object' | 'name'>

/** What a customer left to be charged again. */
export type PaymentMethod = {
  id: string
  object: 'payment_method'
  created: number
  customer: string
  livemode: false
  type: 'card' | 'sepa_debit'
  card?: { brand: string; last4: string; exp_month: number; exp_year: number }
  sepa_debit?: { country: string; last4: string }
}

export type SetupIntent = Pick<
  Stripe.SetupIntent,
  'id' | 'object' | 'created' | 'customer' | 'livemode' | 'metadata' | 'payment_method' | 'status' | 'usage'
>

export type Dispute = Pick<
  Stripe.Dispute,
  | 'id'
  | 'object'
  | 'amount'
  | 'charge'
  | 'created'
  | 'currency'
  | 'metadata'
  | 'payment_intent'
  | 'reason'
  | 'status'
>

export type Refund = Pick<
  Stripe.Refund,
  'id' | 'object' | 'amount' | 'charge' | 'created' | 'currency' | 'metadata' | 'payment_intent' | 'status'
>

export function sessionOf(id: string, request: CheckoutRequest, now: number, url: string): Session {
  const total =
    request.mode === 'setup'
      ? null
      : request.items.reduce((sum, item) => sum + item.unitAmount * item.quantity, 0)
  return {
    id,
    object: 'checkout.session',
    amount_subtotal: total,
    amount_total: total,
    cancel_url: request.cancelUrl,
    client_reference_id: request.clientReferenceId,
    created: now,
    currency: request.currency,
    customer: request.customer,
    customer_details: null,
    customer_email: request.customerEmail,
    expires_at: request.expiresAt,
    livemode: false,
    locale: request.locale as Session['locale'],
    metadata: request.metadata,
    mode: request.mode,
    payment_intent: null,
    payment_method_types: request.paymentMethodTypes,
    payment_status: request.mode === 'setup' ? 'no_payment_required' : 'unpaid',
    setup_intent: null,
    status: 'open',
    submit_type: request.submitType as Session['submit_type'],
    success_url: request.successUrl,
    ui_mode: 'hosted_page',
    url,
  }
}

export function intentOf(
  id: string,
  session: Pick<Session, 'amount_total' | 'currency' | 'payment_method_types'>,
  data: Pick<
    CheckoutRequest,
    'intentMetadata' | 'intentDescription' | 'setupFutureUsage' | 'destination' | 'onBehalfOf'
  >,
  now: number
): Intent {
  return {
    id,
    object: 'payment_intent',
    amount: session.amount_total!,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    capture_method: 'automatic_async',
    confirmation_method: 'automatic',
    created: now,
    currency: session.currency!,
    customer: null,
    description: data.intentDescription,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: data.intentMetadata,
    payment_method: null,
    payment_method_types: session.payment_method_types,
    setup_future_usage: data.setupFutureUsage as Intent['setup_future_usage'],
    status: 'requires_payment_method',
    transfer_data: data.destination === null ? null : { destination: data.destination },
    on_behalf_of: data.onBehalfOf,
  }
}

export function chargeOf(
  id: string,
  intent: Intent,
  method: Pick<PaymentMethod, 'type' | 'card' | 'sepa_debit'>,
  status: Charge['status'],
  now: number
): Charge {
  const succeeded = status === 'succeeded'
  return {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: succeeded ? intent.amount : 0,
    amount_refunded: 0,
    captured: succeeded,
    created: now,
    currency: intent.currency,
    description: intent.description,
    disputed: false,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: intent.metadata,
    paid: succeeded,
    payment_intent: intent.id,
    payment_method: intent.payment_method as string | null,
    payment_method_details: { type: method.type, card: method.card, sepa_debit: method.sepa_debit },
    refunded: false,
    status,
  }
}
