import { DateTime } from 'luxon'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { civilDateAt, clock, instantOf, type CivilDate } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import Claim from '#claims/models/claim'
import { ReceivePayment } from '#payments/actions/receive_payment'
import type { Fact, Subject } from '#payments/facts'
import type { StripeGateway } from '#payments/gateway'
import Payment, { type PaymentMethod } from '#payments/models/payment'
import PaymentAttempt, { LIVE_STATES, type AttemptState } from '#payments/models/payment_attempt'

/** Why money said to be received could not be posted; a person decides. */
export type FactProblem =
  'unknown_claim' | 'claim_mismatch' | 'amount_mismatch' | 'currency' | 'second_payment' | 'taken_back'

export type Applied =
  | { outcome: 'posted' | 'already_posted' | 'moved' | 'unchanged' }
  | { outcome: 'problem'; problem: FactProblem; detail: string }

type ReceivedFact = Extract<Fact, { kind: 'received' }>

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
    const means = fact.kind === 'received' ? await this.#meansOf(fact) : null
    return transaction(async (trx) => {
      const applied = await this.#apply(trx, fact, means)
      await inTransaction?.(trx, applied)
      return applied
    })
  }

  async #apply(trx: TransactionClientContract, fact: Fact, means: Means | null): Promise<Applied> {
    switch (fact.kind) {
      case 'received':
        return this.#receive(trx, fact, means!)
      case 'processing':
        return this.#move(trx, fact.subject, 'processing', LIVE_STATES)
      case 'failed':
        return this.#move(trx, fact.subject, 'failed', [...LIVE_STATES, 'processing'])
      case 'expired':
        return this.#move(trx, fact.subject, 'expired', LIVE_STATES)
      case 'taken_back':
        return { outcome: 'problem', problem: 'taken_back', detail: describe(fact.subject) }
    }
  }

  async #receive(trx: TransactionClientContract, fact: ReceivedFact, means: Means): Promise<Applied> {
    const { subject, amountCents } = fact
    const attempt = await findAttempt(trx, subject)
    const claim = attempt
      ? await Claim.findOrFail(attempt.claimId, { client: trx })
      : subject.claimRef && (await Claim.findBy('ref', subject.claimRef, { client: trx }))
    if (!claim) return problem('unknown_claim', describe(subject))
    await lockClaim(trx, claim.id)

    const source = `stripe:${means.intentId ?? subject.sessionId}`
    const known = await Payment.query({ client: trx })
      .where('source', source)
      .if(attempt, (query) => query.orWhere('attemptId', attempt!.id))
      .first()
    if (known) return knownPayment(known, source)

    if (subject.claimRef && subject.claimRef !== claim.ref) {
      return problem('claim_mismatch', `${subject.claimRef} ≠ ${claim.ref}`)
    }
    if (fact.currency.toLowerCase() !== 'eur') return problem('currency', fact.currency)
    if (amountCents <= 0 || (attempt && attempt.amountCents !== amountCents)) {
      return problem('amount_mismatch', `${amountCents} ≠ ${attempt?.amountCents ?? '> 0'}`)
    }
    await new ReceivePayment().handle(
      {
        source,
        claimId: claim.id,
        attemptId: attempt?.id,
        method: means.method ?? (fact.byDebit || attempt?.state === 'processing' ? 'sepa_debit' : 'card'),
        amountCents,
        receivedOn: receivedOn(fact, means),
        invoiceIds: attempt?.invoiceIds,
      },
      trx
    )
    if (attempt) await settle(attempt, 'succeeded', { ...subject, intentId: means.intentId })
    return { outcome: 'posted' }
  }

  async #move(
    trx: TransactionClientContract,
    subject: Subject,
    to: AttemptState,
    from: readonly AttemptState[]
  ): Promise<Applied> {
    const found = await findAttempt(trx, subject)
    if (!found) return { outcome: 'unchanged' }
    await lockClaim(trx, found.claimId)
    const attempt = await PaymentAttempt.findOrFail(found.id, { client: trx })
    if (!from.includes(attempt.state)) return { outcome: 'unchanged' }
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

  /** Which intent and which means; asked only for money not yet posted, and never a reason to wait. */
  async #meansOf({ subject }: ReceivedFact): Promise<Means> {
    let { intentId } = subject
    if (intentId && (await Payment.findBy('source', `stripe:${intentId}`))) {
      return { intentId, method: null, createdSeconds: null }
    }
    if (!intentId && subject.sessionId) {
      const session = await this.gateway?.session(subject.sessionId)
      if (session?.ok) intentId = intentIdOf(session.value.payment_intent)
    }
    const intent = intentId ? await this.gateway?.intent(intentId) : undefined
    return {
      intentId,
      method: intent?.ok ? intent.value.method : null,
      createdSeconds: intent?.ok ? intent.value.createdSeconds : null,
    }
  }
}

interface Means {
  intentId: string | null
  method: PaymentMethod | null
  createdSeconds: number | null
}

/** A card is debited when its intent is made; of a debit only the event tells the day, else we take the day we learn it. */
function receivedOn(fact: ReceivedFact, means: Means): CivilDate {
  const seconds = fact.createdSeconds ?? (means.method === 'card' ? means.createdSeconds : null)
  return seconds === null ? clock.today() : civilDateAt(instantOf(DateTime.fromSeconds(seconds)))
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

const intentIdOf = (intent: string | { id: string } | null) =>
  typeof intent === 'string' ? intent : (intent?.id ?? null)
