/** What a checkout is made of. Nothing of the debtor but the file's reference (bar 21). */
export type CheckoutRequest = {
  claimRef: string
  attemptKey: string
  amountCents: number
  title: string
  successUrl: string
  cancelUrl: string
  /** Unix seconds: at least 30 minutes after the request, at most 24 hours. */
  expiresAt: number
  locale: 'fr' | 'en'
  /** The creditor's own account, when the money goes there and not to the agency's. */
  destination?: string
  /** Keeps the card, or the debit mandate, for the instalments to come: the gateway's customer, or NEW_CUSTOMER. */
  keepFor?: string
}

/** A page on which a debtor leaves another card for a plan. */
export type MethodChange = {
  claimRef: string
  planRef: string
  customerId: string
  /** The account the instalments go to: a mandate names who it is given to. */
  destination?: string
  successUrl: string
  cancelUrl: string
  locale: 'fr' | 'en'
}

export const NEW_CUSTOMER = 'new'

/** One instalment charged to what a debtor left for it, without them. */
export type ChargeRequest = {
  claimRef: string
  attemptKey: string
  amountCents: number
  title: string
  customerId: string
  methodId: string
  methodKind: 'card' | 'sepa_debit'
  /** As in a checkout. */
  destination?: string
}

/** What Stripe says of a creditor's own account. */
export type AccountState = {
  id: string
  /** Our key, when we asked for it. */
  attemptKey: string | null
  mayReceive: boolean
  detailsSubmitted: boolean
  /** What must be given, as Stripe names it. */
  wanted: string[]
  /** Unix seconds, after which the account stops unless it is given. */
  wantedBeforeSeconds: number | null
  disabledReason: string | null
}

/** Where Stripe's own page sends a creditor back: when its work is done or left, and when the link is of no use any more. */
export type OnboardingPage = { account: string; returnUrl: string; refreshUrl: string }

/**
 * What the gateway answered. `lost`: it may still be doing it, and the same key
 * must be used to ask again. `broken`: it says that it failed, and says so for
 * ever under that key, although it may have done it. `refused`: it was not done.
 * `barred`: nor was it, because of our key, so that it says nothing of what we asked about.
 */
export type Answer<T> =
  | { ok: true; value: T }
  | { ok: false; why: 'lost' | 'broken' | 'refused' | 'barred'; code: string; retryAfterMs: number }
