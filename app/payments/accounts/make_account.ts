import logger from '@adonisjs/core/services/logger'
import { addMinutes, clock, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import ConnectedAccount from '#creditors/models/connected_account'
import { keepAnswer } from '#payments/accounts/hear_account'
import type { StripeGateway } from '#payments/gateway'
import type { AccountState, Answer } from '#payments/gateway_requests'

/** Stripe forgets a key after 24 hours: later it is looked for instead of asked for. */
const KEY_MINUTES = 23 * 60

/** How far around our own times an account is looked for: clocks differ. */
const CLOCK_SKEW_SECONDS = 300
const LOOK_AGAIN_MINUTES = 5

/** `not_made`: Stripe failed, and has no account under that key, which serves no more. */
export type Made = 'made' | 'refused' | 'not_made' | 'lost'

/** Has Stripe make one account for one row, however often its answer is lost. */
export class MakeAccount {
  constructor(readonly gateway: StripeGateway) {}

  /** Asks for the account of a row that is `asked` and ours. */
  async open(account: ConnectedAccount): Promise<Made> {
    if (isKeyForgotten(account)) return this.#search(account)
    const askedAt = clock.now()
    const answer = await this.gateway.makeAccount(account.request!)
    if (answer.ok) return this.#keep(account, answer.value, askedAt)
    logger.warn(
      { creditor: account.creditorId, why: answer.why, code: answer.code },
      'no account from Stripe'
    )
    switch (answer.why) {
      case 'refused':
      case 'barred':
        await this.#end(account, answer.code)
        return 'refused'
      case 'broken':
        return this.#search(account, answer.code)
      case 'lost':
        return this.#lose(account, answer.code)
    }
  }

  /**
   * What became of an account whose answer was lost. It is never asked for here: that is a person's wish.
   *
   * @returns false when Stripe did not answer
   */
  async settle(account: ConnectedAccount): Promise<boolean> {
    const found = await this.#find(account)
    if (!found.ok) {
      await this.#lose(account, found.code)
      return false
    }
    if (found.value) await this.#keep(account, found.value, clock.now())
    else if (isKeyForgotten(account)) await this.#end(account, 'not_made')
    else await this.#lose(account, account.failure)
    return true
  }

  /** One that is not there was never made, and its key serves no more. */
  async #search(account: ConnectedAccount, code = 'not_made'): Promise<Made> {
    const askedAt = clock.now()
    const found = await this.#find(account)
    if (!found.ok) return this.#lose(account, found.code)
    if (found.value) return this.#keep(account, found.value, askedAt)
    await this.#end(account, code)
    return 'not_made'
  }

  #find({ key, createdAt }: ConnectedAccount): Promise<Answer<AccountState | null>> {
    return this.gateway.findAccount(key!, {
      fromSeconds: secondsOf(createdAt) - CLOCK_SKEW_SECONDS,
      untilSeconds: secondsOf(addMinutes(createdAt, KEY_MINUTES)) + CLOCK_SKEW_SECONDS,
    })
  }

  async #keep(account: ConnectedAccount, said: AccountState, askedAt: Instant): Promise<Made> {
    await transaction((trx) => keepAnswer(trx, account.id, said, askedAt))
    return 'made'
  }

  async #end(account: ConnectedAccount, failure: string) {
    const now = clock.now()
    await move(account, { state: 'refused', failure, endedAt: now, updatedAt: now })
  }

  async #lose(account: ConnectedAccount, failure: string | null): Promise<Made> {
    const now = clock.now()
    await move(account, {
      state: 'unknown',
      failure,
      askAt: addMinutes(now, LOOK_AGAIN_MINUTES),
      updatedAt: now,
    })
    return 'lost'
  }
}

/** An account that another answer already brought stays. */
const move = (account: ConnectedAccount, change: Record<string, string | null>) =>
  transaction((trx) =>
    ConnectedAccount.query({ client: trx })
      .where('id', account.id)
      .whereIn('state', ['asked', 'unknown'])
      .update(change)
  )

const isKeyForgotten = ({ createdAt }: ConnectedAccount) => addMinutes(createdAt, KEY_MINUTES) <= clock.now()

const secondsOf = (instant: Instant) => Math.floor(Date.parse(instant) / 1000)
