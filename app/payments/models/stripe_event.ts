import { StripeEventSchema } from '#database/schema'

/** One event of Stripe's, as it came; waiting until `workedAt` is set. */
export default class StripeEvent extends StripeEventSchema {
  static override table = 'stripe_events'
}
