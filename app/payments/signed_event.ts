import Stripe from 'stripe'
import env from '#start/env'
import { clock } from '#shared/clock'

/** Stripe's own tolerance between signing and arrival. */
const SIGNATURE_TOLERANCE_SECONDS = 300

/** The SDK throws another error than its own on a `v1` without a value. */
const EMPTY_SIGNATURE = /(^|,)v1=?(,|$)/

/** What every event has, also a "thin" one (`v2.core.event`), which names its object and says nothing of it. */
export type SignedEvent = { id: string; type: string }

/**
 * An event whose signature proves that Stripe sent it, lately. What happens to creditors' own accounts comes by
 * an endpoint of its own, with a secret of its own (https://docs.stripe.com/connect/webhooks).
 *
 * @param body the request's body exactly as it came
 * @returns null when it does not, when no secret is set to tell, or when what is signed is no event
 */
export function readSignedEvent(body: string | null, header: string | undefined): SignedEvent | null {
  if (!body || !header || EMPTY_SIGNATURE.test(header)) return null
  const secrets = [env.get('STRIPE_WEBHOOK_SECRET'), env.get('STRIPE_CONNECT_WEBHOOK_SECRET')]
  if (!secrets.some((secret) => secret && isSigned(body, header, secret))) return null
  const event: unknown = JSON.parse(body)
  return isEvent(event) ? event : null
}

function isSigned(body: string, header: string, secret: string): boolean {
  try {
    // Not `constructEvent`: it throws on thin events.
    Stripe.webhooks.signature!.verifyHeader(
      body,
      header,
      secret,
      SIGNATURE_TOLERANCE_SECONDS,
      undefined,
      Date.parse(clock.now())
    )
    return true
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false
    throw error
  }
}

const isEvent = (value: unknown): value is SignedEvent =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as SignedEvent).id === 'string' &&
  typeof (value as SignedEvent).type === 'string'
