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
 * An event whose signature proves that Stripe sent it, lately.
 *
 * @param body the request's body exactly as it came
 * @returns null when it does not, when no secret is set to tell, or when what is signed is no event
 */
export function readSignedEvent(body: string | null, header: string | undefined): SignedEvent | null {
  const secret = env.get('STRIPE_WEBHOOK_SECRET')
  if (!secret || !body || !header || EMPTY_SIGNATURE.test(header)) return null
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
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return null
    throw error
  }
  const event: unknown = JSON.parse(body)
  return isEvent(event) ? event : null
}

const isEvent = (value: unknown): value is SignedEvent =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as SignedEvent).id === 'string' &&
  typeof (value as SignedEvent).type === 'string'
