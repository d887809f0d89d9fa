import { addMinutes, clock, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import ConnectedAccount from '#creditors/models/connected_account'
import Creditor from '#creditors/models/creditor'
import { hearAccount } from '#payments/accounts/hear_account'
import { MakeAccount } from '#payments/accounts/make_account'
import { stripeGateway, type StripeGateway } from '#payments/gateway'

const AT_ONCE = 50

/** Somebody may still be waiting for an answer younger than this. */
const LOST_AFTER_MINUTES = 5

/**
 * Asks Stripe about the creditors' accounts of which an event told something, that are on their way, or that
 * were not asked about for a day; and settles those whose making was never answered. Part of the tick.
 *
 * @returns how many were heard of
 */
export class HearAccounts {
  async handle(at: Instant = clock.now()): Promise<number> {
    const gateway = stripeGateway()
    if (!gateway) return 0
    return clock.at(at, async () => {
      await adoptTyped(at)
      let heard = 0
      for (const account of await due(at)) {
        // A gateway that does not answer must not keep the rest of the tick waiting.
        if (!(await hear(gateway, account))) break
        heard += 1
      }
      return heard
    })
  }
}

/** Whatever they say, events about an account make it asked about: at once, and again by the tick while there is no answer. */
export async function wakeAccount(stripeAccount: string): Promise<void> {
  const now = clock.now()
  await transaction(async (trx) => {
    const [known] = await ConnectedAccount.query({ client: trx })
      .where({ stripeAccount })
      .whereNull('endedAt')
      .update({ askAt: now })
    // One that we asked for and whose answer was lost tells its id only now.
    if (Number(known) > 0) return
    await ConnectedAccount.query({ client: trx }).where('state', 'unknown').update({ askAt: now })
  })
}

const hear = (gateway: StripeGateway, account: ConnectedAccount) =>
  account.stripeAccount ? hearAccount(gateway, account) : new MakeAccount(gateway).settle(account)

const due = (at: Instant) =>
  ConnectedAccount.query()
    .whereNull('endedAt')
    .where('askAt', '<=', at)
    .where((answered) =>
      answered.whereNot('state', 'asked').orWhere('updatedAt', '<=', addMinutes(at, -LOST_AFTER_MINUTES))
    )
    .orderBy('askAt')
    .limit(AT_ONCE)

/** Accounts that were given by their id, by a command or before they were followed. */
async function adoptTyped(now: Instant) {
  const typed = await Creditor.query()
    .whereNotNull('stripeAccount')
    .whereNotExists(
      ConnectedAccount.query()
        .whereColumn('connected_accounts.creditor_id', 'creditors.id')
        .whereNull('endedAt')
    )
    .limit(AT_ONCE)
  for (const creditor of typed) await transaction((trx) => ConnectedAccount.follow(trx, creditor, now))
}
