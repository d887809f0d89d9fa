import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import Claim from '#claims/models/claim'
import { ReceivePayment } from '#payments/actions/receive_payment'
import type { Fact, ReceivedFact, Subject } from '#payments/facts'
import { moneyOf, type GatewayMoney } from '#payments/gateway_money'
import type { StripeGateway } from '#payments/gateway'
import Payment from '#payments/models/payment'
import PaymentAttempt, { LIVE_STATES, type AttemptState } from '#payments/models/payment_attempt'

/** Why money said to be received could not be posted; a person decides. */
export type FactProblem =
  'unknown_claim' | 'claim_mismatch' | 'amount_mismatch' | 'currency' | 'second_payment' | 'taken_back'

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
        return this.#move(trx, fact.subject, 'failed', [...LIVE_STATES, 'processing'])
      case 'expired':
        return this.#move(trx, fact.subject, 'expired', LIVE_STATES)
      case 'taken_back':
        return { outcome: 'problem', problem: 'taken_back', detail: describe(fact.subject) }
    }
  }

  async #receive(trx: TransactionClientContract, fact: ReceivedFact, money: GatewayMoney): Promise<Applied> {
    const { subject } = fact
    const { source, amountCents } = money
    const attempt = await findAttempt(trx, subject)
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
        receivedOn: money.receivedOn,
        invoiceIds: attempt?.invoiceIds,
      },
      trx
    )
    if (attempt) await settle(attempt, 'succeeded', { ...subject, intentId: money.intentId })
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

/** What makes money that came not the money that was asked for. */
function doubtAbout(
  { subject, currency }: ReceivedFact,
  { amountCents, confirmedCents }: GatewayMoney,
  claim: Claim,
  attempt: PaymentAttempt | null
): Applied | null {
  if (subject.claimRef && subject.claimRef !== claim.ref) {
    return problem('claim_mismatch', `${subject.claimRef} ≠ ${claim.ref}`)
  }
  if (currency.toLowerCase() !== 'eur') return problem('currency', currency)
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
