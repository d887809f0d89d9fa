import logger from '@adonisjs/core/services/logger'
import Stripe from 'stripe'
import { addDays } from '#shared/calendar'
import { civilDateAt, clock, instantOn, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import ConnectedAccount from '#creditors/models/connected_account'
import { HearAccounts } from '#payments/accounts/hear_accounts'
import { AskGateway } from '#payments/actions/ask_gateway'
import type { StripeGateway } from '#payments/gateway'
import { recordStripeEvent, retryFailures, workStripeInbox } from '#payments/inbox'
import PaymentAttempt, { LIVE_STATES } from '#payments/models/payment_attempt'

/** Stripe gives events of the last 30 days only. */
const EVENTS_KEPT_DAYS = 30
const DEFAULT_DAYS = 7

export interface Reconciled {
  /** Events and sessions that the gateway showed. */
  seen: number
  /** Payments that were missing from the ledger and are there now. */
  posted: number
  /** Events we had missed and attempts that were not up to date. */
  healed: number
}

/**
 * Asks the gateway what happened, for the webhooks that never came: its events,
 * then its sessions, then each attempt of ours that is still undecided. All of
 * it goes the way of the inbox, so that asking twice posts nothing twice.
 */
export class ReconcileStripe {
  readonly #ask: AskGateway
  #counts: Reconciled = { seen: 0, posted: 0, healed: 0 }

  constructor(readonly gateway: StripeGateway) {
    this.#ask = new AskGateway(gateway)
  }

  /** @throws Stripe's error when the gateway does not answer */
  async handle(since: Instant = defaultSince()): Promise<Reconciled> {
    this.#counts = { seen: 0, posted: 0, healed: 0 }
    const eventsListed = await this.#events(since)
    await this.#workInbox()
    await this.#sessions(since, !eventsListed)
    await this.#undecided()
    await this.#accounts()
    // What went back is listed before what came: it is worked once that is posted.
    await this.#workInbox()
    return this.#counts
  }

  async #workInbox() {
    await retryFailures()
    this.#counts.posted += (await workStripeInbox()).posted
  }

  /** @returns false when the gateway does not list its events */
  async #events(since: Instant): Promise<boolean> {
    const kept = instantOn(addDays(clock.today(), -EVENTS_KEPT_DAYS + 1))
    try {
      for await (const event of this.gateway.eventsSince(secondsOf(since > kept ? since : kept))) {
        this.#counts.seen += 1
        if (await recordStripeEvent(event, JSON.stringify(event))) this.#counts.healed += 1
      }
      return true
    } catch (error) {
      // A restricted key may read sessions and not events; sessions tell nearly as much.
      if (!(error instanceof Stripe.errors.StripeError) || !isRefusal(error)) throw error
      logger.warn({ code: error.code, type: error.type }, 'the gateway does not list its events')
      return false
    }
  }

  async #sessions(since: Instant, recordProblems: boolean) {
    for await (const session of this.gateway.sessionsSince(secondsOf(since))) {
      this.#counts.seen += 1
      const applied = await this.#ask.apply(session)
      this.#count(applied)
      if (applied.outcome === 'problem' && recordProblems) await recordAsEvent(session)
    }
  }

  async #undecided() {
    const attempts = await PaymentAttempt.query()
      .whereIn('state', [...LIVE_STATES, 'processing'])
      .orderBy('id')
    for (const attempt of attempts) this.#count(await this.#ask.settle(attempt))
  }

  /** Events of creditors' own accounts are not listed among ours. */
  async #accounts() {
    await transaction((trx) =>
      ConnectedAccount.query({ client: trx }).whereNull('endedAt').update({ askAt: clock.now() })
    )
    await new HearAccounts().handle()
  }

  #count({ outcome }: { outcome: string }) {
    if (outcome === 'posted') this.#counts.posted += 1
    if (outcome === 'posted' || outcome === 'moved') this.#counts.healed += 1
  }
}

const defaultSince = () => instantOn(addDays(civilDateAt(clock.now()), -DEFAULT_DAYS))

const secondsOf = (instant: Instant) => Math.floor(Date.parse(instant) / 1000)

const isRefusal = (error: InstanceType<typeof Stripe.errors.StripeError>) =>
  error.statusCode !== undefined && error.statusCode < 500 && error.statusCode !== 401

/** Money we cannot post must be seen by a person, even when no event told of it. */
const recordAsEvent = (session: Stripe.Checkout.Session) => {
  const event = {
    id: `listed:${session.id}`,
    type: 'checkout.session.completed' as const,
    created: session.created,
    data: { object: session },
  }
  return recordStripeEvent(event, JSON.stringify(event))
}
