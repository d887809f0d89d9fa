import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { PaymentAttemptSchema } from '#database/schema'
import Claim from '#claims/models/claim'
import type { ChargeRequest, CheckoutRequest } from '#payments/gateway_requests'

/** Those in which the debtor may still be at the till; one at most for a claim. */
export const LIVE_STATES = ['created', 'open', 'unknown'] as const

export type AttemptState = (typeof LIVE_STATES)[number] | 'processing' | 'succeeded' | 'failed' | 'expired'

/** One wish to pay online, stored before the gateway hears of it. */
export default class PaymentAttempt extends PaymentAttemptSchema {
  static override table = 'payment_attempts'
  declare state: AttemptState
  declare request: CheckoutRequest | ChargeRequest

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>

  /** An instalment that we charge without the debtor, by a request of its own kind. */
  get isCharge() {
    return this.instalmentTry !== null && this.instalmentTry !== undefined
  }
}
