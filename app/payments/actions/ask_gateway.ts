import { setTimeout as sleep } from 'node:timers/promises'
import logger from '@adonisjs/core/services/logger'
import type Stripe from 'stripe'
import { clock, type Instant } from '#shared/clock'
import { ApplyFact, type Applied } from '#payments/actions/apply_fact'
import { ChargeCustomer } from '#payments/actions/charge_customer'
import { moveAttempt } from '#payments/actions/move_attempt'
import { factOfSession, subjectOfSession } from '#payments/facts'
import type { StripeGateway } from '#payments/gateway'
import type { CheckoutRequest } from '#payments/gateway_requests'
import type PaymentAttempt from '#payments/models/payment_attempt'

/** How far back a session is looked for: clocks differ. */
const CLOCK_SKEW_SECONDS = 300

/** A gateway that asks to come back later is obeyed while a debtor waits, up to this. */
const LONGEST_RETRY_AFTER_MS = 3000

/**
 * Settles one attempt by asking the gateway, never by assuming. A lost answer is
 * asked for again under the same key, which gives the same session or makes the
 * one that was not made.
 */
export class AskGateway {
  constructor(readonly gateway: StripeGateway) {}

  /**
   * Opens a checkout for an attempt whose row is `created` and ours.
   *
   * @returns `settled` when the attempt has ended, `lost` when it is `unknown`
   */
  async open(attempt: PaymentAttempt): Promise<'open' | 'settled' | 'lost' | 'refused'> {
    if (attempt.isCharge) return new ChargeCustomer(this.gateway).open(attempt)
    if (attempt.expiresAt <= clock.now()) return this.#search(attempt, 'expired')
    const answer = await this.gateway.openCheckout(attempt.request as CheckoutRequest)
    if (answer.ok) return this.#adopt(attempt, answer.value)
    logger.warn({ attempt: attempt.key, why: answer.why, code: answer.code }, 'no checkout from the gateway')
    switch (answer.why) {
      case 'refused':
      case 'barred':
        await moveAttempt(attempt, 'failed', { failure: answer.code })
        return 'refused'
      case 'broken':
        return this.#search(attempt, 'failed')
      case 'lost':
        await moveAttempt(attempt, 'unknown', { failure: answer.code })
        await sleep(Math.min(answer.retryAfterMs, LONGEST_RETRY_AFTER_MS))
        return 'lost'
    }
  }

  /** Closes an open checkout, so that another may open; what was paid there meanwhile is posted. */
  async retire(attempt: PaymentAttempt): Promise<'settled' | 'lost'> {
    const answer = await this.gateway.expire(attempt.stripeSessionId!)
    if (!answer.ok && answer.why !== 'refused') return 'lost'
    return (await this.#refresh(attempt)).outcome === 'lost' ? 'lost' : 'settled'
  }

  /**
   * Brings an undecided attempt to what the gateway says of it. Never opens a
   * checkout: that is the debtor's wish to make.
   */
  async settle(attempt: PaymentAttempt): Promise<Applied | { outcome: 'lost' }> {
    if (attempt.isCharge) return new ChargeCustomer(this.gateway).settle(attempt)
    if (attempt.stripeSessionId) return this.#refresh(attempt)
    const found = await this.#find(attempt, 'background')
    if (!found.ok) return { outcome: 'lost' }
    if (found.value) {
      await this.#adopt(attempt, found.value)
      return { outcome: 'moved' }
    }
    const state = attempt.expiresAt <= clock.now() ? 'expired' : 'unknown'
    await moveAttempt(attempt, state)
    return { outcome: state === 'expired' ? 'moved' : 'unchanged' }
  }

  /** Applies what a session says; one that is complete and unpaid is asked of its intent. */
  async apply(session: Stripe.Checkout.Session): Promise<Applied> {
    const { intentId } = subjectOfSession(session)
    const undecided = session.status === 'complete' && session.payment_status === 'unpaid'
    const intent = intentId && undecided ? await this.gateway.intent(intentId) : null
    const fact = factOfSession(session, null, intent?.ok ? intent.value.status : undefined)
    return fact ? new ApplyFact(this.gateway).handle(fact) : { outcome: 'unchanged' }
  }

  async #refresh(attempt: PaymentAttempt): Promise<Applied | { outcome: 'lost' }> {
    const answer = await this.gateway.session(attempt.stripeSessionId!)
    if (!answer.ok && answer.why !== 'refused') return { outcome: 'lost' }
    if (!answer.ok) {
      await moveAttempt(attempt, 'expired', { failure: answer.code })
      return { outcome: 'moved' }
    }
    const applied = await this.apply(answer.value)
    if (applied.outcome === 'problem') {
      logger.error({ attempt: attempt.key, ...applied }, 'a session cannot be posted')
    }
    return applied
  }

  async #adopt(attempt: PaymentAttempt, session: Stripe.Checkout.Session) {
    if ((session.status ?? 'open') === 'open' && session.url) {
      await moveAttempt(attempt, 'open', {
        stripeSessionId: session.id,
        checkoutUrl: session.url,
        failure: null,
      })
      return 'open' as const
    }
    await moveAttempt(attempt, attempt.state, { stripeSessionId: session.id })
    await this.apply(session)
    return 'settled' as const
  }

  /**
   * Looks for the session that an attempt may have made. One that is not there
   * ends the attempt: nobody was ever given its address.
   */
  async #search(attempt: PaymentAttempt, otherwise: 'failed' | 'expired') {
    const found = await this.#find(attempt, 'debtor_waits')
    if (!found.ok) {
      await moveAttempt(attempt, 'unknown', { failure: found.code })
      return 'lost' as const
    }
    if (found.value) return this.#adopt(attempt, found.value)
    await moveAttempt(attempt, otherwise)
    return 'settled' as const
  }

  /**
   * Its session was made after the attempt, and before its hour had passed. Where sessions are not
   * listed it counts as not made: nobody was given its address.
   */
  async #find(attempt: PaymentAttempt, patience: 'debtor_waits' | 'background') {
    const window = {
      fromSeconds: secondsOf(attempt.createdAt) - CLOCK_SKEW_SECONDS,
      untilSeconds: secondsOf(attempt.expiresAt) + CLOCK_SKEW_SECONDS,
    }
    const found = await this.gateway.findSession(attempt.key, window, patience)
    const unlisted = !found.ok && (found.why === 'refused' || found.why === 'barred')
    return unlisted ? { ok: true as const, value: null } : found
  }
}

const secondsOf = (instant: Instant) => Math.floor(Date.parse(instant) / 1000)
