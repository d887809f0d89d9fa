import { DateTime } from 'luxon'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addMinutes, clock, instantOf, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import ConnectedAccount from '#creditors/models/connected_account'
import Creditor from '#creditors/models/creditor'
import type { StripeGateway } from '#payments/gateway'
import type { AccountState } from '#payments/gateway_requests'

/** Events tell at once; these are for those that never come. */
const ASK_AGAIN_MINUTES = { waiting: 60, settled: 24 * 60, lost: 5 }

/**
 * Asks Stripe how an account stands and keeps the answer. An event is only a reason to ask: events come in any
 * order, and of two answers the one that was asked for later wins.
 *
 * @returns false when Stripe did not answer
 */
export async function hearAccount(gateway: StripeGateway, account: ConnectedAccount): Promise<boolean> {
  const askedAt = clock.now()
  const answer = await gateway.account(account.stripeAccount!)
  if (!answer.ok) {
    await askLater(account.id, askedAt)
    return false
  }
  await transaction((trx) => keepAnswer(trx, account.id, answer.value, askedAt))
  return true
}

/** Keeps what Stripe said of an account; null says that it is not connected to us. */
export async function keepAnswer(
  trx: TransactionClientContract,
  accountId: number,
  said: AccountState | null,
  askedAt: Instant
) {
  const account = await ConnectedAccount.query({ client: trx })
    .where('id', accountId)
    .forUpdate()
    .firstOrFail()
  if (account.heardAt && account.heardAt > askedAt) return
  account.merge({
    ...(said ? heard(said, account, askedAt) : gone()),
    heardAt: askedAt,
    updatedAt: clock.now(),
  })
  // An event that came while Stripe was being asked may tell of something later than its answer.
  if (account.askAt < askedAt) account.askAt = addMinutes(askedAt, waitOf(account))
  await account.save()
  if (account.mayReceive && account.key && !account.endedAt) await beginReceiving(trx, account)
}

const gone = () => ({
  state: 'gone' as const,
  mayReceive: false,
  wanted: [],
  wantedBeforeAt: null,
  disabledReason: null,
})
const heard = (said: AccountState, account: ConnectedAccount, at: Instant) =>
  ({
    state: 'made',
    stripeAccount: said.id,
    failure: null,
    mayReceive: said.mayReceive,
    detailsSubmitted: said.detailsSubmitted,
    wanted: said.wanted,
    wantedBeforeAt:
      said.wantedBeforeSeconds === null ? null : instantOf(DateTime.fromSeconds(said.wantedBeforeSeconds)),
    disabledReason: said.disabledReason,
    readyAt: account.readyAt ?? (said.mayReceive ? at : null),
  }) as const

const waitOf = ({ standing }: ConnectedAccount) =>
  ASK_AGAIN_MINUTES[['to_complete', 'under_review', 'restricted'].includes(standing) ? 'waiting' : 'settled']

/** From now on what is paid online for that creditor goes there (decision 0021). Money already asked for keeps its way. */
async function beginReceiving(trx: TransactionClientContract, account: ConnectedAccount) {
  await Creditor.query({ client: trx })
    .where('id', account.creditorId)
    .whereNull('stripeAccount')
    .update({ stripeAccount: account.stripeAccount, updatedAt: clock.now() })
}

async function askLater(id: number, askedAt: Instant) {
  await transaction((trx) =>
    ConnectedAccount.query({ client: trx })
      .where('id', id)
      .where('askAt', '<=', askedAt)
      .update({ askAt: addMinutes(askedAt, ASK_AGAIN_MINUTES.lost) })
  )
}
