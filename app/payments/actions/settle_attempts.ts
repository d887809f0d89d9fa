import { addMilliseconds, addMinutes, clock, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type { ClaimStatus } from '#claims/models/claim'
import { AskGateway } from '#payments/actions/ask_gateway'
import { stripeGateway } from '#payments/gateway'
import PaymentAttempt from '#payments/models/payment_attempt'

/** A debtor who waits for the answer reloads the page. */
const LOOKED_AT_EVERY_SECONDS = 4

/** A lost answer is asked for soon; a debit takes days. */
const LOST_AFTER_MINUTES = 5
const DEBIT_EVERY_MINUTES = 6 * 60
const AT_ONCE = 50

/** A file on which nothing is to be paid any more. */
const ENDED: readonly ClaimStatus[] = ['paid', 'closed']

/**
 * Asks the gateway about the attempts that no webhook has settled in time: lost
 * answers, checkouts past their hour, debits under way. A checkout still open on
 * a file that has ended is closed, so that it asks for nothing that is not owed.
 * Part of the tick.
 *
 * @returns how many were settled
 */
export class SettleAttempts {
  async handle(at: Instant = clock.now()): Promise<number> {
    const gateway = stripeGateway()
    if (!gateway) return 0
    return clock.at(at, async () => {
      const ask = new AskGateway(gateway)
      let settled = 0
      for (const attempt of await this.#due(at)) {
        const outcome = isPointless(attempt) ? await ask.retire(attempt) : (await ask.settle(attempt)).outcome
        if (['posted', 'moved', 'settled'].includes(outcome)) settled += 1
        await this.#asked(attempt, at)
        // A gateway that does not answer must not keep the rest of the tick waiting.
        if (outcome === 'lost') break
      }
      return settled
    })
  }

  /**
   * Asks about one attempt that its debtor is looking at: webhooks may be late,
   * or not set up. A few seconds apart at least, whoever looks.
   */
  async lookedAt(attempt: PaymentAttempt): Promise<void> {
    const gateway = stripeGateway()
    if (!gateway || !(await this.#mayAskAgain(attempt))) return
    await new AskGateway(gateway).settle(attempt)
  }

  async #mayAskAgain(attempt: PaymentAttempt): Promise<boolean> {
    const at = clock.now()
    const since = addMilliseconds(at, -LOOKED_AT_EVERY_SECONDS * 1000)
    const [taken] = await transaction((trx) =>
      PaymentAttempt.query({ client: trx })
        .where('id', attempt.id)
        .whereIn('state', ['open', 'unknown', 'processing'])
        .where('updatedAt', '<=', since)
        .update({ updatedAt: at })
    )
    return Number(taken) === 1
  }

  #due(at: Instant) {
    return PaymentAttempt.query()
      .where((open) => open.where('state', 'open').where('expiresAt', '<=', at))
      .orWhere((pointless) =>
        pointless.where('state', 'open').whereHas('claim', (claim) => claim.whereIn('status', [...ENDED]))
      )
      .orWhere((lost) =>
        lost
          .whereIn('state', ['created', 'unknown'])
          .where('updatedAt', '<=', addMinutes(at, -LOST_AFTER_MINUTES))
      )
      .orWhere((debit) =>
        debit.where('state', 'processing').where('updatedAt', '<=', addMinutes(at, -DEBIT_EVERY_MINUTES))
      )
      .preload('claim')
      .orderBy('updatedAt')
      .limit(AT_ONCE)
  }

  /** The next tick begins with the others. */
  #asked(attempt: PaymentAttempt, at: Instant) {
    return transaction((trx) =>
      PaymentAttempt.query({ client: trx })
        .where('id', attempt.id)
        .whereIn('state', ['open', 'created', 'unknown', 'processing'])
        .update({ updatedAt: at })
    )
  }
}

const isPointless = ({ state, claim }: PaymentAttempt) => state === 'open' && ENDED.includes(claim.status)
