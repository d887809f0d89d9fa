import { randomUUID } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addMinutes, civilDateAt, clock, type CivilDate, type Instant } from '#shared/clock'
import type { Cents } from '#shared/money'
import { rowsOf } from '#shared/sql'
import { transaction } from '#shared/transaction'
import { lockClaim } from '#claims/ledger'
import { loadOwed } from '#claims/owed'
import { AskGateway } from '#payments/actions/ask_gateway'
import { LEAST_CARD_CENTS } from '#payments/actions/start_payment'
import { stripeGateway } from '#payments/gateway'
import type { ChargeRequest } from '#payments/gateway_requests'
import PaymentAttempt from '#payments/models/payment_attempt'
import Plan from '#payments/plans/models/plan'
import { CANNOT_RECEIVE } from '#payments/accounts/cannot_receive'
import { retryOn } from '#payments/plans/retries'

/** Stripe forgets a key after 24 hours. */
const KEY_MINUTES = 23 * 60

/** A call that takes longer died with its process. */
const ABANDONED_AFTER_SECONDS = 25

/** A gateway that loses that many answers in a row must not keep the rest of the tick waiting. */
const MOST_LOST = 3

type Due = { plan_id: number; seq: number }

export interface Charged {
  charged: number
  refused: number
}

/**
 * Charges the instalments whose day has come to what their debtors left for it, without them. Each
 * is a row with its key before the gateway hears of it, one at most for an instalment whatever runs
 * at once; a file that is disputed or suspended is left alone (rule 41), and nobody is charged more
 * than is owed (rule 28). Part of the tick.
 */
export class ChargeInstalments {
  async handle(at: Instant, signal: AbortSignal = new AbortController().signal): Promise<Charged> {
    const outcome = { charged: 0, refused: 0 }
    const gateway = stripeGateway()
    if (!gateway) return outcome
    await clock.at(at, async () => {
      const ask = new AskGateway(gateway)
      let lost = 0
      for (const due of await this.#due(civilDateAt(at))) {
        if (signal.aborted || lost === MOST_LOST) break
        const attempt = await transaction((trx) => this.#take(trx, due))
        if (!attempt) continue
        const answer = await ask.open(attempt)
        lost = answer === 'lost' ? lost + 1 : 0
        if (answer === 'settled') outcome.charged += 1
        if (answer === 'refused') outcome.refused += 1
      }
    })
    return outcome
  }

  /** The next open instalment of each plan under way, when its day has come. */
  #due(today: CivilDate) {
    return rowsOf<Due>(
      db.connection(),
      `select i.plan_id, min(i.seq) as seq from plan_instalments i
       join plans p on p.id = i.plan_id
       join claims c on c.id = p.claim_id
       where i.paid_cents < i.amount_cents and i.due_on <= :today
         and p.state = 'active' and p.stripe_method_id is not null and c.status = 'paused'
         and not exists (select 1 from pauses x where x.claim_id = c.id and x.lifted_at is null)
         and not ${CANNOT_RECEIVE}
       group by i.plan_id order by i.plan_id`,
      { today }
    )
  }

  /** The row to ask the gateway with: a new one, or one whose answer was lost; null when it is not ours to ask. */
  async #take(trx: TransactionClientContract, { plan_id: planId, seq }: Due): Promise<PaymentAttempt | null> {
    const { claimId } = await Plan.findOrFail(Number(planId), { client: trx })
    await lockClaim(trx, claimId)
    const plan = await Plan.query({ client: trx })
      .where('id', Number(planId))
      .preload('instalments')
      .preload('claim', (claim) => claim.preload('creditor'))
      .firstOrFail()
    const instalment = plan.instalments.find((one) => one.openCents > 0)
    const stands = plan.state === 'active' && plan.claim.status === 'paused'
    if (!stands || !plan.stripeMethodId || instalment?.seq !== Number(seq)) return null

    if (!(await plan.claim.creditor.takesOnline(trx))) return null

    const busy = await PaymentAttempt.query({ client: trx })
      .where('claimId', claimId)
      .whereIn('state', ['created', 'open', 'unknown', 'processing'])
    const [pending] = busy
    if (pending) return busy.length === 1 && pending.isCharge ? takenOver(pending) : null

    const tries = await PaymentAttempt.query({ client: trx })
      .where({ planId: plan.id, instalmentSeq: seq })
      .whereNotNull('instalmentTry')
      .orderBy('instalmentTry')
    const today = clock.today()
    // Another card than the one that was refused begins anew.
    const withIt = tries.filter(({ request }) => (request as ChargeRequest).methodId === plan.stripeMethodId)
    const again = retryOn(instalment.dueOn, withIt)
    if (again === null || again > today) return null
    const owed = await loadOwed(claimId, today, trx)
    const cents = Math.min(instalment.openCents, owed.totalCents)
    if (cents < LEAST_CARD_CENTS) return null
    return this.#store(trx, plan, { seq: instalment.seq, tryNumber: tries.length + 1, cents })
  }

  #store(
    trx: TransactionClientContract,
    plan: Plan,
    { seq, tryNumber, cents }: { seq: number; tryNumber: number; cents: Cents }
  ) {
    const key = `plan-${plan.id}-${seq}-${tryNumber}-${randomUUID()}`
    const now = clock.now()
    const request: ChargeRequest = {
      claimRef: plan.claim.ref,
      attemptKey: key,
      amountCents: cents,
      title: `Dossier ${plan.claim.ref}, échéance ${seq}`,
      customerId: plan.stripeCustomerId!,
      methodId: plan.stripeMethodId!,
      methodKind: plan.methodKind!,
      ...(plan.claim.creditor.stripeAccount && { destination: plan.claim.creditor.stripeAccount }),
    }
    return PaymentAttempt.create(
      {
        key,
        claimId: plan.claimId,
        planId: plan.id,
        instalmentSeq: seq,
        instalmentTry: tryNumber,
        amountCents: cents,
        invoiceIds: [],
        request,
        state: 'created',
        expiresAt: addMinutes(now, KEY_MINUTES),
        createdAt: now,
        updatedAt: now,
      },
      { client: trx }
    )
  }
}

/** Asked again under its own key: whoever takes the row over is the only one to do so. */
async function takenOver(attempt: PaymentAttempt): Promise<PaymentAttempt | null> {
  const age = Date.parse(clock.now()) - Date.parse(attempt.updatedAt)
  const isOurs =
    attempt.state === 'unknown' || (attempt.state === 'created' && age > ABANDONED_AFTER_SECONDS * 1000)
  if (!isOurs) return null
  await attempt.merge({ state: 'created', updatedAt: clock.now() }).save()
  return attempt
}
