import app from '@adonisjs/core/services/app'
import logger from '@adonisjs/core/services/logger'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { HearAccounts, wakeAccount } from '#payments/accounts/hear_accounts'
import { ApplyFact, type Applied } from '#payments/actions/apply_fact'
import { stripeGateway } from '#payments/gateway'
import type { SignedEvent } from '#payments/signed_event'
import { accountOf, readFact } from '#payments/read_fact'
import StripeEvent from '#payments/models/stripe_event'

/** After that many tries an event waits for a person; the others go on. */
const TRIES = 8

/** The wait before each new try doubles, so that the last comes about an hour after the first. */
const FIRST_WAIT_SECONDS = 30
const BATCH = 100

export interface Worked {
  worked: number
  posted: number
  failed: number
}

/**
 * Records an event as it came.
 *
 * @returns false when it was already there
 */
export async function recordStripeEvent(event: SignedEvent, payload: string): Promise<boolean> {
  const inserted: unknown[] = await transaction((trx) =>
    trx
      .insertQuery()
      .table('stripe_events')
      .knexQuery.insert({
        event_id: event.id,
        type: event.type,
        payload,
        attempts: 0,
        received_at: clock.now(),
      })
      .onConflict('event_id')
      .ignore()
      .returning('id')
  )
  return inserted.length === 1
}

/**
 * Works the events that wait, oldest first, each in a transaction of its own.
 * One that cannot be worked keeps the reason and stays, for a person to see; it
 * is tried again, since what it lacked may have come meanwhile.
 */
export async function workStripeInbox(at: Instant = clock.now()): Promise<Worked> {
  return clock.at(at, async () => {
    const total = { worked: 0, posted: 0, failed: 0 }
    for (let last = 0; ;) {
      const events = await StripeEvent.query()
        .whereNull('workedAt')
        .where('attempts', '<', TRIES)
        .where('id', '>', last)
        .orderBy('id')
        .limit(BATCH)
      for (const event of events.filter((waiting) => isDue(waiting, at))) {
        const outcome = await work(event)
        total[outcome === 'problem' ? 'failed' : 'worked'] += 1
        if (outcome === 'posted') total.posted += 1
      }
      if (events.length < BATCH) return total
      last = events.at(-1)!.id
    }
  })
}

/** Gives every event that waits for a person its tries again: what it lacked may be there now. */
export async function retryFailures() {
  await transaction((trx) =>
    trx.from('stripe_events').whereNull('worked_at').whereNotNull('failure').update({ attempts: 0 })
  )
}

function isDue(event: StripeEvent, at: Instant) {
  const wait = event.attempts === 0 ? 0 : FIRST_WAIT_SECONDS * 2 ** (event.attempts - 1)
  return Date.parse(at) - Date.parse(event.receivedAt) >= wait * 1000
}

let running: Promise<unknown> | null = null
let again = false

/** Works the inbox after the answer to a webhook; one run at a time in a process. */
export function workStripeInboxSoon() {
  again = true
  running ??= (async () => {
    while (again) {
      again = false
      await workStripeInbox()
    }
  })()
    .catch((error) =>
      logger.error({ err: error }, 'the Stripe inbox could not be worked; the next tick tries again')
    )
    .finally(() => {
      running = null
      if (again) workStripeInboxSoon()
    })
}

/** Resolves when no run started by a webhook is under way. */
export async function stripeInboxIdle() {
  while (running) await running
}

app.terminating(stripeInboxIdle)

async function work(event: StripeEvent): Promise<Applied['outcome']> {
  try {
    const gateway = stripeGateway()
    const kept = JSON.parse(event.payload)
    const account = accountOf(kept)
    if (account) {
      await wakeAccount(account)
      await new HearAccounts().handle()
    }
    const fact = await readFact(kept, gateway)
    if (fact === 'incomplete') {
      await transaction((trx) => fail(trx, event, 'incomplete', event.type))
      return 'problem'
    }
    if (!fact) {
      await transaction((trx) => close(trx, event, { outcome: 'unchanged' }))
      return 'unchanged'
    }
    const applied = await new ApplyFact(gateway).handle(fact, (trx, result) => close(trx, event, result))
    return applied.outcome
  } catch (error) {
    logger.error({ err: error, event: event.eventId }, 'a Stripe event could not be worked')
    await transaction((trx) =>
      fail(trx, event, 'error', error instanceof Error ? error.message : String(error))
    )
    return 'problem'
  }
}

async function close(trx: TransactionClientContract, event: StripeEvent, applied: Applied) {
  if (applied.outcome === 'problem') return fail(trx, event, applied.problem, applied.detail)
  await trx
    .from('stripe_events')
    .where('id', event.id)
    .whereNull('worked_at')
    .update({ worked_at: clock.now(), failure: null, failure_detail: null })
    .increment('attempts', 1)
}

async function fail(trx: TransactionClientContract, event: StripeEvent, failure: string, detail: string) {
  await trx
    .from('stripe_events')
    .where('id', event.id)
    .whereNull('worked_at')
    .update({ failure, failure_detail: detail.slice(0, 1000) })
    .increment('attempts', 1)
}
