import type Stripe from 'stripe'
import type { PaymentMethod } from '#payments/models/payment'
import type { ReturnKind } from '#payments/models/payment_return'

/** Which of our rows a gateway's object speaks about; each of them may be missing. */
export interface Subject {
  sessionId: string | null
  intentId: string | null
  /** Our own words, given back by the gateway. */
  attemptKey: string | null
  claimRef: string | null
}

/**
 * What the gateway says about a payment, whatever the event or list it came by.
 * A session read from a list does not tell when it was paid.
 */
export type Fact = { subject: Subject } & (
  | {
      kind: 'received'
      amountCents: number
      currency: string
      createdSeconds: number | null
      byDebit: boolean
    }
  | { kind: 'processing' }
  | { kind: 'failed'; failure?: string | null }
  | { kind: 'expired' }
  | ({ kind: 'taken_back' } & Movement)
  /** The bank gave back what it had taken: it is received again. */
  | ({ kind: 'given_back' } & Movement)
  /** Nothing moved yet, or not as it was said: a person must know. */
  | { kind: 'contested' }
)

/** Money that left after it had come (rule 32), or that came back from there. */
export type Movement = {
  how: ReturnKind
  /** The dispute, or all the refunds of one charge. */
  source: string
  /** In all, from that source: telling it again adds nothing. */
  totalCents: number
  currency: string
  createdSeconds: number
}

export const isEuro = ({ currency }: { currency: string }) => currency.toLowerCase() === 'eur'

export type ReceivedFact = Extract<Fact, { kind: 'received' }>

/** Money that a person may give to a file. */
export const isAssignable = (fact: Fact | 'incomplete' | null): fact is ReceivedFact =>
  fact !== null && fact !== 'incomplete' && fact.kind === 'received' && isEuro(fact) && fact.amountCents > 0

export interface IntentState {
  status: Stripe.PaymentIntent.Status
  createdSeconds: number
  method: PaymentMethod | null
  /** Null while nothing is received. */
  receivedCents: number | null
  /** The creditor's own account it went to; null when it came to the agency's. */
  destination: string | null
  /** What the debtor left for the instalments to come. */
  saved: SavedMethod | null
}

/** A card or a debit mandate, by the gateway's names: its number is never ours. */
export interface SavedMethod {
  customerId: string
  methodId: string
  kind: 'card' | 'sepa_debit'
  last4: string | null
  /** `2027-08`, for a card. */
  expiresIn: string | null
}

/** The events that say something of ours; the webhook may be sent more. */
export const WORKED_TYPES: readonly string[] = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'payment_intent.succeeded',
  'payment_intent.processing',
  'payment_intent.payment_failed',
  'charge.refunded',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'charge.dispute.closed',
]

/**
 * What an event says, or null when it says nothing that concerns us. Facts come
 * in any order and several times, so none of them depends on another.
 *
 * A refused card is no fact: the debtor is still at the till. It is one when we charged it without them.
 */
export function factOf(
  event: Pick<Stripe.Event, 'created'> & { type: string; data: { object: object } }
): Fact | null {
  switch (event.type) {
    case 'checkout.session.completed': {
      const session = event.data.object as Stripe.Checkout.Session
      return factOfSession({ ...session, status: 'complete' }, event.created)
    }
    case 'checkout.session.async_payment_succeeded': {
      const session = event.data.object as Stripe.Checkout.Session
      return receivedBy(session, event.created, true)
    }
    case 'checkout.session.async_payment_failed':
      return { kind: 'failed', subject: subjectOfSession(event.data.object as Stripe.Checkout.Session) }
    case 'checkout.session.expired':
      return { kind: 'expired', subject: subjectOfSession(event.data.object as Stripe.Checkout.Session) }
    case 'payment_intent.succeeded': {
      const intent = event.data.object as Stripe.PaymentIntent
      return {
        kind: 'received',
        subject: subjectOf(intent.metadata, { intentId: intent.id }),
        amountCents: intent.amount_received ?? 0,
        currency: intent.currency ?? '',
        createdSeconds: event.created,
        byDebit: false,
      }
    }
    case 'payment_intent.processing': {
      const intent = event.data.object as Stripe.PaymentIntent
      return { kind: 'processing', subject: subjectOf(intent.metadata, { intentId: intent.id }) }
    }
    case 'payment_intent.payment_failed': {
      const intent = event.data.object as Stripe.PaymentIntent
      return intent.metadata?.charge === 'instalment' ? failedCharge(intent) : null
    }
    case 'charge.refunded': {
      const charge = event.data.object as Stripe.Charge
      return {
        kind: 'taken_back',
        subject: subjectOf(charge.metadata, { intentId: idOf(charge.payment_intent) }),
        how: 'refund',
        source: `stripe:${charge.id}:refunds`,
        totalCents: charge.amount_refunded ?? 0,
        currency: charge.currency ?? '',
        createdSeconds: event.created,
      }
    }
    case 'refund.failed': {
      const refund = event.data.object as Stripe.Refund
      return { kind: 'contested', subject: subjectOf(null, { intentId: idOf(refund.payment_intent) }) }
    }
    case 'charge.dispute.created':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
    case 'charge.dispute.closed':
      return factOfDispute(event.data.object as Stripe.Dispute, event)
    default:
      return null
  }
}

/**
 * What a session says by itself. One that is complete and unpaid is a debit
 * under way, or one that failed: only its intent can tell (`intentStatus`).
 */
export function factOfSession(
  session: Stripe.Checkout.Session,
  createdSeconds: number | null,
  intentStatus?: Stripe.PaymentIntent.Status
): Fact | null {
  const subject = subjectOfSession(session)
  if (session.mode !== 'payment' && session.mode !== undefined) return null
  if (session.payment_status === 'paid') return receivedBy(session, createdSeconds, false)
  if (session.status === 'expired') return { kind: 'expired', subject }
  if (session.status !== 'complete') return null
  const ended = intentStatus === 'requires_payment_method' || intentStatus === 'canceled'
  return { kind: ended ? 'failed' : 'processing', subject }
}

/** What an intent says that was charged without the debtor. */
export function factOfIntent(intent: Stripe.PaymentIntent): Fact {
  const subject = subjectOf(intent.metadata, { intentId: intent.id })
  if (intent.status === 'processing') return { kind: 'processing', subject }
  if (intent.status !== 'succeeded') return failedCharge(intent)
  return {
    kind: 'received',
    subject,
    amountCents: intent.amount_received ?? 0,
    currency: intent.currency ?? '',
    createdSeconds: intent.created,
    byDebit: false,
  }
}

const failedCharge = (intent: Stripe.PaymentIntent): Fact => ({
  kind: 'failed',
  subject: subjectOf(intent.metadata, { intentId: intent.id }),
  failure: intent.last_payment_error?.code ?? 'authentication_required',
})

/** A bank that only inquires has taken nothing; one that disputes has, until it loses. */
function factOfDispute(dispute: Stripe.Dispute, event: { type: string; created: number }): Fact | null {
  const subject = subjectOf(dispute.metadata, { intentId: idOf(dispute.payment_intent) })
  if (/^(warning_closed|prevented)$/.test(dispute.status)) return null
  if (dispute.status === 'warning_needs_response' || dispute.status === 'warning_under_review') {
    return { kind: 'contested', subject }
  }
  const won = dispute.status === 'won' || event.type === 'charge.dispute.funds_reinstated'
  return {
    kind: won ? 'given_back' : 'taken_back',
    subject,
    how: 'chargeback',
    source: `stripe:${dispute.id}`,
    totalCents: dispute.amount ?? 0,
    currency: dispute.currency ?? '',
    createdSeconds: event.created,
  }
}

/** The means of a payment, or null when the intent does not tell. */
export function methodOf(
  intent: Pick<Stripe.PaymentIntent, 'latest_charge' | 'payment_method_types'>
): PaymentMethod | null {
  const charge = intent.latest_charge
  const told = typeof charge === 'object' ? charge?.payment_method_details?.type : undefined
  const offered = intent.payment_method_types ?? []
  const type = told ?? (offered.length === 1 ? offered[0] : undefined)
  if (!type) return null
  return METHODS[type] ?? 'online'
}

/** What the debtor left when they paid, or null when nothing was kept or it cannot be charged again. */
export function savedMethodOf(
  intent: Pick<Stripe.PaymentIntent, 'latest_charge' | 'payment_method' | 'customer' | 'setup_future_usage'>
): SavedMethod | null {
  const customerId = idOf(intent.customer)
  const methodId = idOf(intent.payment_method)
  const details = typeof intent.latest_charge === 'object' && intent.latest_charge?.payment_method_details
  if (intent.setup_future_usage !== 'off_session' || !customerId || !methodId || !details) return null
  const { type, card, sepa_debit: debit } = details
  if (type === 'sepa_debit') {
    return { customerId, methodId, kind: 'sepa_debit', last4: debit?.last4 ?? null, expiresIn: null }
  }
  if (type !== 'card') return null
  const expiresIn = card?.exp_year ? monthOf(card) : null
  return { customerId, methodId, kind: 'card', last4: card?.last4 ?? null, expiresIn }
}

/** The same for a page that only kept it; both objects expanded. */
export function savedBySetup(setup: Stripe.SetupIntent | string | null): SavedMethod | null {
  if (!setup || typeof setup === 'string' || setup.status !== 'succeeded') return null
  const customerId = idOf(setup.customer)
  const method = setup.payment_method
  if (!customerId || !method || typeof method === 'string') return null
  const common = { customerId, methodId: method.id }
  if (method.type === 'sepa_debit') {
    return { ...common, kind: 'sepa_debit', last4: method.sepa_debit?.last4 ?? null, expiresIn: null }
  }
  return method.type === 'card' && method.card
    ? { ...common, kind: 'card', last4: method.card.last4, expiresIn: monthOf(method.card) }
    : null
}

/** `2027-08` */
const monthOf = ({ exp_year: year, exp_month: month }: { exp_year: number; exp_month: number }) =>
  `${year}-${String(month).padStart(2, '0')}`

const METHODS: Record<string, PaymentMethod> = {
  card: 'card',
  card_present: 'card',
  sepa_debit: 'sepa_debit',
  paypal: 'paypal',
  customer_balance: 'transfer',
}

function receivedBy(session: Stripe.Checkout.Session, createdSeconds: number | null, byDebit: boolean): Fact {
  return {
    kind: 'received',
    subject: subjectOfSession(session),
    amountCents: session.amount_total ?? 0,
    currency: session.currency ?? '',
    createdSeconds,
    byDebit,
  }
}

export const subjectOfSession = (session: Stripe.Checkout.Session): Subject => {
  const subject = subjectOf(session.metadata, {
    sessionId: session.id,
    intentId: idOf(session.payment_intent),
  })
  return { ...subject, claimRef: subject.claimRef ?? session.client_reference_id ?? null }
}

function subjectOf(
  metadata: Stripe.Metadata | null | undefined,
  ids: Partial<Pick<Subject, 'sessionId' | 'intentId'>>
): Subject {
  return {
    sessionId: ids.sessionId ?? null,
    intentId: ids.intentId ?? null,
    attemptKey: metadata?.attempt ?? null,
    claimRef: metadata?.claim ?? null,
  }
}

export const idOf = (object: string | { id: string } | null | undefined) =>
  typeof object === 'string' ? object : (object?.id ?? null)
