import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { civilDateAt, clock, type CivilDate } from '#shared/clock'
import { sum } from '#shared/money'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import Claim from '#claims/models/claim'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { TakeBackPayment } from '#payments/actions/take_back_payment'
import { isEuro, type Fact, type Movement, type ReceivedFact, type Subject } from '#payments/facts'
import { dayOf, moneyOf, type GatewayMoney } from '#payments/gateway_money'
import type { StripeGateway } from '#payments/gateway'
import Payment from '#payments/models/payment'
import { keepMethod } from '#payments/plans/keep_method'
import PaymentAttempt, { LIVE_STATES, type AttemptState } from '#payments/models/payment_attempt'
import PaymentReturn from '#payments/models/payment_return'

type MovementFact = Movement & { subject: Subject }

/** Why money said to be received could not be posted; a person decides. */
export type FactProblem =
  | 'unknown_attempt'
  | 'unknown_claim'
  | 'claim_mismatch'
  | 'amount_mismatch'
  | 'currency'
  | 'second_payment'
  | 'taken_back'
  | 'given_back'
  | 'contested'

export type Applied =
  | { outcome: 'posted' | 'already_posted' | 'moved' | 'unchanged' }
  | { outcome: 'problem'; problem: FactProblem; detail: string }

/**
 * Brings our rows to what the gateway says, whatever the order in which it is
 * heard and however often: an attempt never goes back from a final state, and a
 * payment intent is posted once.
 */
export class ApplyFact {
  constructor(readonly gateway: StripeGateway | null) {}

  async handle(
    fact: Fact,
    inTransaction?: (trx: TransactionClientContract, applied: Applied) => Promise<void>
  ) {
    const money = fact.kind === 'received' ? await moneyOf(fact, this.gateway) : null
    return transaction(async (trx) => {
      const applied = await this.#apply(trx, fact, money)
      await inTransaction?.(trx, applied)
      return applied
    })
  }

  async #apply(trx: TransactionClientContract, fact: Fact, money: GatewayMoney | null): Promise<Applied> {
    switch (fact.kind) {
      case 'received':
        return this.#receive(trx, fact, money!)
      case 'processing':
        return this.#move(trx, fact.subject, 'processing', LIVE_STATES)
      case 'failed':
        return this.#move(trx, fact.subject, 'failed', [...LIVE_STATES, 'processing'], fact.failure)
      case 'expired':
        return this.#move(trx, fact.subject, 'expired', LIVE_STATES)
      case 'taken_back':
        return this.#takeBack(trx, fact)
      case 'given_back':
        return this.#giveBack(trx, fact)
      case 'contested':
        return problem('contested', describe(fact.subject))
    }
  }

  async #takeBack(trx: TransactionClientContract, fact: MovementFact): Promise<Applied> {
    const payment = await findPayment(trx, fact.subject)
    if (!payment || !isEuro(fact)) return problem('taken_back', describe(fact.subject))
    const { how, source, totalCents } = fact
    const returnedOn = dayOf(fact.createdSeconds)
    const { outcome } = await new TakeBackPayment().handle(
      { payment, how, source, totalCents, returnedOn },
      trx
    )
    switch (outcome) {
      case 'taken_back':
        return { outcome: 'moved' }
      case 'already_taken_back':
        return { outcome: 'unchanged' }
      case 'more_than_received':
        return problem('taken_back', `${totalCents} > ${payment.amountCents}, ${describe(fact.subject)}`)
    }
  }

  /** Only what was taken can be given back: told too early, it is tried again. */
  async #giveBack(
    trx: TransactionClientContract,
    { source, subject, createdSeconds }: MovementFact
  ): Promise<Applied> {
    const taken = await PaymentReturn.query({ client: trx }).where('source', source).preload('payment')
    if (taken.length === 0) return problem('given_back', describe(subject))
    const { claimId, method, destinationAccount } = taken[0]!.payment
    const { outcome } = await new ReceivePayment().handle(
      {
        source: `${source}:given_back`,
        claimId,
        method,
        destinationAccount,
        amountCents: sum(taken.map((one) => one.amountCents)),
        receivedOn: dayOf(createdSeconds),
      },
      trx
    )
    return { outcome }
  }

  async #receive(trx: TransactionClientContract, fact: ReceivedFact, money: GatewayMoney): Promise<Applied> {
    const { subject } = fact
    const { source, amountCents } = money
    const attempt = await findAttempt(trx, subject)
    // Another installation on the same account may have a file of that number.
    if (!attempt && subject.attemptKey) return problem('unknown_attempt', describe(subject))
    const claim = attempt
      ? await Claim.findOrFail(attempt.claimId, { client: trx })
      : subject.claimRef && (await Claim.findBy('ref', subject.claimRef, { client: trx }))
    if (!claim) return problem('unknown_claim', describe(subject))
    await lockClaim(trx, claim.id)

    const known = await Payment.query({ client: trx })
      .where('source', source)
      .if(attempt, (query) => query.orWhere('attemptId', attempt!.id))
      .first()
    if (known) {
      const applied = knownPayment(known, source)
      if (applied.outcome === 'already_posted' && attempt) await settle(attempt, 'succeeded', subject)
      return applied
    }
    const doubt = doubtAbout(fact, money, claim, attempt)
    if (doubt) return doubt

    await new ReceivePayment().handle(
      {
        source,
        claimId: claim.id,
        attemptId: attempt?.id,
        method: money.method ?? (fact.byDebit || attempt?.state === 'processing' ? 'sepa_debit' : 'card'),
        amountCents,
        receivedOn: notBefore(attempt, money.receivedOn),
        destinationAccount:
          money.destination === undefined ? attempt?.request.destination : money.destination,
        invoiceIds: attempt?.invoiceIds,
      },
      trx
    )
    if (attempt) await settle(attempt, 'succeeded', { ...subject, intentId: money.intentId })
    if (attempt?.planId && money.saved) await keepMethod(trx, attempt.planId, money.saved)
    return { outcome: 'posted' }
  }

  async #move(
    trx: TransactionClientContract,
    subject: Subject,
    to: AttemptState,
    from: readonly AttemptState[],
    failure: string | null = null
  ): Promise<Applied> {
    const found = await findAttempt(trx, subject)
    if (!found) return { outcome: 'unchanged' }
    await lockClaim(trx, found.claimId)
    const attempt = await PaymentAttempt.findOrFail(found.id, { client: trx })
    if (!from.includes(attempt.state)) return { outcome: 'unchanged' }
    if (to === 'failed') attempt.failure = failure ?? 'debit_refused'
    await settle(attempt, to, subject)
    if (to !== 'expired') {
      await recordEvent(trx, {
        claimId: attempt.claimId,
        type: `payment.${to}`,
        actor: 'provider',
        detail: { amountCents: attempt.amountCents },
      })
    }
    return { outcome: 'moved' }
  }
}

/** The attempt of a session, of an intent, or of our own key. */
async function findAttempt(trx: TransactionClientContract, subject: Subject) {
  const ways = [
    ['stripeSessionId', subject.sessionId],
    ['stripePaymentIntentId', subject.intentId],
    ['key', subject.attemptKey],
  ] as const
  for (const [column, value] of ways) {
    const attempt = value && (await PaymentAttempt.findBy(column, value, { client: trx }))
    if (attempt) return attempt
  }
  return null
}

/** What was posted of an intent, or of the attempt that it paid. */
async function findPayment(trx: TransactionClientContract, subject: Subject) {
  const posted =
    subject.intentId && (await Payment.findBy('source', `stripe:${subject.intentId}`, { client: trx }))
  if (posted) return posted
  const attempt = await findAttempt(trx, subject)
  return attempt && Payment.findBy('attemptId', attempt.id, { client: trx })
}

function settle(attempt: PaymentAttempt, state: AttemptState, subject: Subject) {
  return attempt
    .merge({
      state,
      stripeSessionId: attempt.stripeSessionId ?? subject.sessionId,
      stripePaymentIntentId: attempt.stripePaymentIntentId ?? subject.intentId,
      updatedAt: clock.now(),
    })
    .save()
}

/** A debtor is freed on the day the money came, which no clock puts before the day it was asked for. */
function notBefore(attempt: PaymentAttempt | null, receivedOn: CivilDate): CivilDate {
  const askedOn = attempt && civilDateAt(attempt.createdAt)
  return askedOn && askedOn > receivedOn ? askedOn : receivedOn
}

/** What makes money that came not the money that was asked for. */
function doubtAbout(
  fact: ReceivedFact,
  { amountCents, confirmedCents }: GatewayMoney,
  claim: Claim,
  attempt: PaymentAttempt | null
): Applied | null {
  const { subject, currency } = fact
  if (subject.claimRef && subject.claimRef !== claim.ref) {
    return problem('claim_mismatch', `${subject.claimRef} ≠ ${claim.ref}`)
  }
  if (!isEuro(fact)) return problem('currency', currency)
  const others = [attempt?.amountCents, confirmedCents].filter((cents) => typeof cents === 'number')
  const differing = others.find((cents) => cents !== amountCents)
  if (amountCents <= 0 || differing !== undefined) {
    return problem('amount_mismatch', `${amountCents} ≠ ${differing ?? '> 0'}`)
  }
  return null
}

/** One attempt is one session, and a session is paid once: another intent for it is not ours to post. */
function knownPayment(known: Payment, source: string): Applied {
  const bothIntents = known.source.startsWith('stripe:pi_') && source.startsWith('stripe:pi_')
  return known.source !== source && bothIntents
    ? problem('second_payment', `${source} ≠ ${known.source}`)
    : { outcome: 'already_posted' }
}

const problem = (code: FactProblem, detail: string): Applied => ({
  outcome: 'problem',
  problem: code,
  detail,
})

const describe = (subject: Subject) =>
  Object.entries(subject)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
