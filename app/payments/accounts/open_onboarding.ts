import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import logger from '@adonisjs/core/services/logger'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import ConnectedAccount, { type AccountRequest } from '#creditors/models/connected_account'
import Creditor from '#creditors/models/creditor'
import type User from '#users/models/user'
import { hearAccount } from '#payments/accounts/hear_account'
import { MakeAccount } from '#payments/accounts/make_account'
import { stripeGateway } from '#payments/gateway'

/** A request still waiting for Stripe after that died with its process. */
const ABANDONED_AFTER_SECONDS = 25
const POLL_MS = 80
const ROUNDS = 3

export type Onboarding =
  /** Stripe's own page; its address opens the account to whoever has it, once. */
  | { outcome: 'page'; url: string }
  /** No key, or no answer: asking again makes no second account. */
  | { outcome: 'unavailable' }
  | { outcome: 'refused'; code: string }
  /** The creditor had an account already: only the agency changes where its money goes (as for its IBAN, R21). */
  | { outcome: 'agency_only' }

type Step =
  { step: 'ask' | 'wait' | 'page'; account: ConnectedAccount; isNew?: boolean } | { outcome: 'agency_only' }

/**
 * Leads a creditor to Stripe's own page, where it opens its account or completes it. However often and from
 * however many places it is asked, a creditor has one account: the row and its key come before the call.
 */
export class OpenOnboarding {
  async handle(
    creditor: Creditor,
    by: User,
    space: { returnUrl: string; refreshUrl: string }
  ): Promise<Onboarding> {
    const gateway = stripeGateway()
    if (!gateway) return { outcome: 'unavailable' }
    for (let round = 0; round < ROUNDS; round++) {
      const next = await transaction((trx) => this.#decide(trx, creditor.id, by))
      if ('outcome' in next) return next
      const { account, step } = next
      if (step === 'wait') {
        await answered(account)
        continue
      }
      const made = step === 'ask' ? await new MakeAccount(gateway).open(account) : 'made'
      if (made === 'not_made' && !next.isNew) continue
      if (made === 'lost' || made === 'not_made') return { outcome: 'unavailable' }
      await account.refresh()
      if (made === 'refused') return { outcome: 'refused', code: account.failure! }
      const page = await gateway.onboardingPage({ account: account.stripeAccount!, ...space })
      if (page.ok) return { outcome: 'page', url: page.value }
      logger.warn(
        { creditor: creditor.ref, why: page.why, code: page.code },
        'no onboarding page from Stripe'
      )
      if (page.why !== 'refused') return { outcome: 'unavailable' }
      // Closed at Stripe meanwhile, perhaps.
      await hearAccount(gateway, account)
      return { outcome: 'refused', code: page.code }
    }
    return { outcome: 'unavailable' }
  }

  async #decide(trx: TransactionClientContract, creditorId: number, by: User): Promise<Step> {
    const creditor = await Creditor.query({ client: trx }).where('id', creditorId).forUpdate().firstOrFail()
    const account = await ConnectedAccount.of(creditor.id, trx)
    const byCreditor = by.role === 'creditor'
    switch (account?.state) {
      case 'made':
        return { step: 'page', account }
      case 'asked':
        if (!isAbandoned(account)) return { step: 'wait', account }
        return { step: 'ask', account: await takenOver(account) }
      case 'unknown':
        return { step: 'ask', account: await takenOver(account) }
      case 'gone':
        if (byCreditor) return { outcome: 'agency_only' }
        // Until the new one is ready, money arrives as if there had never been one.
        await ConnectedAccount.end(trx, creditor.id, clock.now())
        await creditor.merge({ stripeAccount: null, updatedAt: clock.now() }).save()
        break
    }
    if (byCreditor && (await ConnectedAccount.hadOne(creditor.id, trx))) return { outcome: 'agency_only' }
    if (!account && creditor.stripeAccount) {
      return { step: 'page', account: await ConnectedAccount.follow(trx, creditor, clock.now()) }
    }
    return { step: 'ask', account: await this.#store(trx, creditor, by), isNew: true }
  }

  #store(trx: TransactionClientContract, { id, ref, name, email }: Creditor, by: User) {
    const key = `account-${randomUUID()}`
    const now = clock.now()
    const request: AccountRequest = { creditorRef: ref, name, attemptKey: key, ...(email && { email }) }
    return ConnectedAccount.create(
      {
        creditorId: id,
        key,
        request,
        state: 'asked',
        wanted: [],
        userId: by.id,
        askAt: now,
        createdAt: now,
        updatedAt: now,
      },
      { client: trx }
    )
  }
}

/** Whoever takes the row over is the only one to ask. */
const takenOver = (account: ConnectedAccount) =>
  account.merge({ state: 'asked', updatedAt: clock.now() }).save()

const isAbandoned = ({ updatedAt }: ConnectedAccount) =>
  Date.parse(clock.now()) - Date.parse(updatedAt) > ABANDONED_AFTER_SECONDS * 1000

/** Waits while another request speaks to Stripe about this account. */
async function answered(account: ConnectedAccount) {
  for (let waited = 0; waited < ABANDONED_AFTER_SECONDS * 1000; waited += POLL_MS) {
    await sleep(POLL_MS)
    const row = await ConnectedAccount.findOrFail(account.id)
    if (row.state !== 'asked' || row.updatedAt !== account.updatedAt) return
  }
}
