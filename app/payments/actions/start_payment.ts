import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import logger from '@adonisjs/core/services/logger'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DateTime } from 'luxon'
import { addMinutes, clock } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import { transaction } from '#shared/transaction'
import { lockClaim } from '#claims/ledger'
import { loadOwed } from '#claims/owed'
import Claim from '#claims/models/claim'
import { AskGateway } from '#payments/actions/ask_gateway'
import { stripeGateway } from '#payments/gateway'
import { NEW_CUSTOMER, type CheckoutRequest } from '#payments/gateway_requests'
import PaymentAttempt, { LIVE_STATES } from '#payments/models/payment_attempt'

/** A part of one euro at least; the whole balance from Stripe's own least of 0,50 € on. */
export const LEAST_PART_CENTS = 100
export const LEAST_CARD_CENTS = 50

/** Stripe takes 30 minutes to 24 hours; the margin keeps us from sending a debtor to a page about to close. */
const CHECKOUT_MINUTES = 60
const CLOSING_MARGIN_MINUTES = 2

/** A request still waiting for the gateway after that died with its process. */
const ABANDONED_AFTER_SECONDS = 25
const POLL_MS = 80
const ROUNDS = 4

export interface WishToPay {
  claimId: number
  amountCents: Cents
  /** The invoices to pay first. */
  invoiceIds?: readonly number[]
  /** Absolute; `{CHECKOUT_SESSION_ID}` is replaced by the gateway. Never with a debtor's token inside. */
  successUrl: string
  cancelUrl: string
  locale?: 'fr' | 'en'
  /** An instalment of a plan: the card is kept for the next ones, if any, under that customer. */
  plan?: { id: number; seq: number; customerId: string | null; keep: boolean }
}

export type Started =
  | { outcome: 'checkout'; url: string; attemptId: number }
  /** It has been paid meanwhile, and we had not heard. */
  | { outcome: 'settled' }
  /** No key, no answer, or the creditor's own account may not receive: the transfer remains. */
  | { outcome: 'unavailable' }
  | { outcome: 'nothing_due' }
  /** A debit under way already covers what is due. */
  | { outcome: 'in_progress' }
  | { outcome: 'closed' }
  | { outcome: 'amount_out_of_range'; leastCents: Cents; mostCents: Cents }

type Refusal = Exclude<Started, { outcome: 'checkout' | 'settled' }>

type Step =
  | Refusal
  | { step: 'reuse' | 'wait' | 'retire'; attempt: PaymentAttempt }
  | { step: 'ask'; attempt: PaymentAttempt; isNew: boolean }

/**
 * Opens the till for one claim and one amount. However often and from however
 * many places it is asked at once, a claim has one open checkout: the same wish
 * finds it again, another amount closes it first.
 */
export class StartPayment {
  async handle(wish: WishToPay): Promise<Started> {
    const gateway = stripeGateway()
    if (!gateway) return { outcome: 'unavailable' }
    const ask = new AskGateway(gateway)
    let lost = 0
    for (let round = 0; round < ROUNDS && lost < 2; round++) {
      const next = await transaction((trx) => this.#decide(trx, wish))
      if ('outcome' in next) return next
      const { attempt } = next
      switch (next.step) {
        case 'reuse':
          return { outcome: 'checkout', url: attempt.checkoutUrl!, attemptId: attempt.id }
        case 'wait':
          await answered(attempt)
          break
        case 'retire':
          if ((await ask.retire(attempt)) === 'lost') return { outcome: 'unavailable' }
          break
        case 'ask': {
          const opened = await ask.open(attempt)
          if (opened === 'refused' && next.isNew) return { outcome: 'unavailable' }
          if (opened === 'lost') lost += 1
          break
        }
      }
      if (isSameSum(attempt, wish) && (await isPaid(attempt))) return { outcome: 'settled' }
    }
    logger.warn({ claim: wish.claimId }, 'the payment gateway gave no checkout')
    return { outcome: 'unavailable' }
  }

  async #decide(trx: TransactionClientContract, wish: WishToPay): Promise<Step> {
    await lockClaim(trx, wish.claimId)
    const claim = await Claim.query({ client: trx })
      .where('id', wish.claimId)
      .preload('creditor')
      .firstOrFail()
    if (claim.status === 'closed') return { outcome: 'closed' }
    if (!(await claim.creditor.takesOnline(trx))) return { outcome: 'unavailable' }
    const refusal = await this.#refusal(trx, wish)
    if (refusal) return refusal

    const live = await PaymentAttempt.query({ client: trx })
      .where('claimId', claim.id)
      .whereIn('state', [...LIVE_STATES])
      .first()
    if (!live) return { step: 'ask', attempt: await this.#store(trx, claim, wish), isNew: true }
    if (live.state === 'open')
      return { step: isSameWish(live, wish, claim) ? 'reuse' : 'retire', attempt: live }
    if (live.state === 'created' && !isAbandoned(live)) return { step: 'wait', attempt: live }
    // Takes the row over: whoever asks again is the only one to do so.
    await live.merge({ state: 'created', updatedAt: clock.now() }).save()
    return { step: 'ask', attempt: live, isNew: false }
  }

  async #refusal(trx: TransactionClientContract, wish: WishToPay): Promise<Refusal | null> {
    const { totalCents } = await loadOwed(wish.claimId, clock.today(), trx)
    if (totalCents <= 0) return { outcome: 'nothing_due' }
    const debits = await PaymentAttempt.query({ client: trx })
      .where('claimId', wish.claimId)
      .where('state', 'processing')
    const mostCents = totalCents - sum(debits.map((debit) => debit.amountCents))
    if (mostCents <= 0) return { outcome: 'in_progress' }
    const leastCents = Math.min(mostCents, LEAST_PART_CENTS)
    const fits = wish.amountCents >= leastCents && wish.amountCents <= mostCents
    return fits && wish.amountCents >= LEAST_CARD_CENTS
      ? null
      : { outcome: 'amount_out_of_range', leastCents: Math.max(leastCents, LEAST_CARD_CENTS), mostCents }
  }

  #store(trx: TransactionClientContract, claim: Claim, wish: WishToPay) {
    const key = `pay-${randomUUID()}`
    const now = clock.now()
    const expiresAt = addMinutes(now, CHECKOUT_MINUTES)
    const locale = wish.locale ?? 'fr'
    const request: CheckoutRequest = {
      claimRef: claim.ref,
      attemptKey: key,
      amountCents: wish.amountCents,
      title: locale === 'fr' ? `Règlement du dossier ${claim.ref}` : `Payment for file ${claim.ref}`,
      successUrl: wish.successUrl,
      cancelUrl: wish.cancelUrl,
      expiresAt: Math.floor(DateTime.fromISO(expiresAt).toSeconds()),
      locale,
      ...(claim.creditor.stripeAccount && { destination: claim.creditor.stripeAccount }),
      ...(wish.plan?.keep && { keepFor: wish.plan.customerId ?? NEW_CUSTOMER }),
    }
    return PaymentAttempt.create(
      {
        key,
        claimId: claim.id,
        amountCents: wish.amountCents,
        invoiceIds: [...(wish.invoiceIds ?? [])],
        planId: wish.plan?.id ?? null,
        instalmentSeq: wish.plan?.seq ?? null,
        request,
        state: 'created',
        expiresAt,
        createdAt: now,
        updatedAt: now,
      },
      { client: trx }
    )
  }
}

const isSameSum = (attempt: PaymentAttempt, wish: WishToPay) =>
  attempt.amountCents === wish.amountCents && attempt.invoiceIds.join() === (wish.invoiceIds ?? []).join()

const isSameWish = (attempt: PaymentAttempt, wish: WishToPay, { creditor }: Claim) =>
  isSameSum(attempt, wish) &&
  (attempt.request.destination ?? null) === creditor.stripeAccount &&
  attempt.planId === (wish.plan?.id ?? null) &&
  attempt.expiresAt > addMinutes(clock.now(), CLOSING_MARGIN_MINUTES)

const isAbandoned = (attempt: PaymentAttempt) =>
  Date.parse(clock.now()) - Date.parse(attempt.updatedAt) > ABANDONED_AFTER_SECONDS * 1000

/** An event may be faster than the answer; another checkout would then ask for the same sum again. */
async function isPaid(attempt: PaymentAttempt) {
  const { state } = await PaymentAttempt.findOrFail(attempt.id)
  return state === 'succeeded' || state === 'processing'
}

/** Waits while another request speaks to the gateway about this attempt. */
async function answered(attempt: PaymentAttempt) {
  const rounds = (ABANDONED_AFTER_SECONDS * 1000) / POLL_MS
  for (let round = 0; round < rounds; round++) {
    await sleep(POLL_MS)
    const row = await PaymentAttempt.find(attempt.id)
    if (row?.state !== 'created' || row.updatedAt !== attempt.updatedAt) return
  }
}
