import logger from '@adonisjs/core/services/logger'
import type Stripe from 'stripe'
import { clock, type Instant } from '#shared/clock'
import { ApplyFact, type Applied } from '#payments/actions/apply_fact'
import { moveAttempt } from '#payments/actions/move_attempt'
import { factOfIntent } from '#payments/facts'
import type { StripeGateway } from '#payments/gateway'
import type { ChargeRequest } from '#payments/gateway_requests'
import type PaymentAttempt from '#payments/models/payment_attempt'

/** How far back an intent is looked for: clocks differ. */
const CLOCK_SKEW_SECONDS = 300

/**
 * Charges what a debtor left for a plan, for an attempt whose row is `created` and ours. What the
 * gateway has done is never assumed: a lost answer is asked for again under the same key, which
 * gives the same charge or makes the one that was not made.
 */
export class ChargeCustomer {
  constructor(readonly gateway: StripeGateway) {}

  /** @returns `refused` when the bank refuses or asks for the debtor; the row keeps why */
  async open(attempt: PaymentAttempt): Promise<'settled' | 'lost' | 'refused'> {
    // Past its hours the gateway may have forgotten the key, and would charge again.
    if (attempt.expiresAt <= clock.now()) return this.#search(attempt, 'expired')
    const answer = await this.gateway.charge(attempt.request as ChargeRequest)
    if (answer.ok) return this.#adopt(attempt, answer.value)
    logger.warn({ attempt: attempt.key, why: answer.why, code: answer.code }, 'an instalment was not charged')
    switch (answer.why) {
      case 'refused':
        await moveAttempt(attempt, 'failed', { failure: answer.code })
        return 'refused'
      case 'broken':
        return this.#search(attempt, 'failed')
      case 'lost':
      case 'barred':
        await moveAttempt(attempt, 'unknown')
        return 'lost'
    }
  }

  /** Brings an undecided charge to what the gateway says of it, without asking for it again. */
  async settle(attempt: PaymentAttempt): Promise<Applied | { outcome: 'lost' }> {
    const found = await this.#find(attempt)
    if (!found.ok) return { outcome: 'lost' }
    if (found.value) {
      const adopted = await this.#adopt(attempt, found.value)
      return adopted === 'lost' ? { outcome: 'lost' } : { outcome: 'moved' }
    }
    const state = attempt.expiresAt <= clock.now() ? 'expired' : 'unknown'
    await moveAttempt(attempt, state)
    return { outcome: state === 'expired' ? 'moved' : 'unchanged' }
  }

  async #adopt(
    attempt: PaymentAttempt,
    intent: Stripe.PaymentIntent
  ): Promise<'settled' | 'lost' | 'refused'> {
    const applied = await new ApplyFact(this.gateway).handle(factOfIntent(intent))
    if (applied.outcome !== 'problem')
      return intent.status === 'succeeded' || intent.status === 'processing' ? 'settled' : 'refused'
    logger.error({ attempt: attempt.key, ...applied }, 'a charge cannot be posted')
    return 'lost'
  }

  /** One that is not there was never made. */
  async #search(attempt: PaymentAttempt, otherwise: 'failed' | 'expired') {
    const found = await this.#find(attempt)
    if (!found.ok) {
      await moveAttempt(attempt, 'unknown')
      return 'lost' as const
    }
    if (found.value) return this.#adopt(attempt, found.value)
    await moveAttempt(attempt, otherwise, { failure: null })
    return 'settled' as const
  }

  async #find(attempt: PaymentAttempt) {
    const fromSeconds = secondsOf(attempt.createdAt) - CLOCK_SKEW_SECONDS
    return this.gateway.findCharge(attempt.key, {
      fromSeconds,
      untilSeconds: secondsOf(attempt.expiresAt) + CLOCK_SKEW_SECONDS,
    })
  }
}

const secondsOf = (instant: Instant) => Math.floor(Date.parse(instant) / 1000)
