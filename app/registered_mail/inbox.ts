import app from '@adonisjs/core/services/app'
import logger from '@adonisjs/core/services/logger'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Mailing from '#registered_mail/models/mailing'
import type MailingFact from '#registered_mail/models/mailing_fact'
import type { ProviderFact } from '#registered_mail/providers/provider'
import { workMailing } from '#registered_mail/work_mailing'

const BATCH = 500

export interface Hearing {
  provider: string
  heardBy: MailingFact['heardBy']
  /** What came, before it was read. */
  raw: string
  userId?: number
}

/**
 * Records facts as they were told; one told before is not recorded again.
 *
 * @returns how many were new
 */
export async function recordFacts(
  hearing: Hearing,
  facts: readonly ProviderFact[],
  open?: TransactionClientContract
): Promise<number> {
  if (facts.length === 0) return 0
  const { provider, heardBy, raw, userId = null } = hearing
  const rows = facts.map((fact) => ({
    provider,
    provider_ref: fact.providerRef,
    fact_key: fact.factKey,
    heard_by: heardBy,
    state: fact.state,
    proof: fact.proof,
    occurred_at: fact.at,
    registered_number: fact.registeredNumber,
    reason: fact.reason?.slice(0, 255) ?? null,
    raw,
    user_id: userId,
    received_at: clock.now(),
  }))
  const inserted: unknown[] = await transaction(
    (trx) =>
      trx
        .insertQuery()
        .table('mailing_facts')
        .knexQuery.insert(rows)
        .onConflict(['provider', 'fact_key'])
        .ignore()
        .returning('id'),
    open
  )
  return inserted.length
}

/**
 * Works what was told and not worked yet, one mailing at a time. A fact about a letter that we do
 * not know yet, for the answer that names it is still on its way, waits for it.
 *
 * @returns how many mailings were worked
 */
export async function workMailingFacts(
  at: Instant = clock.now()
): Promise<{ worked: number; failed: number }> {
  return clock.at(at, async () => {
    const total = { worked: 0, failed: 0 }
    for (let last = 0; ;) {
      const ids = await mailingsWithNews(last)
      for (const id of ids) total[(await workOne(id)) ? 'worked' : 'failed'] += 1
      if (ids.length < BATCH) return total
      last = ids.at(-1)!
    }
  })
}

async function mailingsWithNews(after: number): Promise<number[]> {
  const rows = await db
    .from('mailing_facts')
    .join('mailings', (join) => {
      join
        .on('mailings.provider', 'mailing_facts.provider')
        .andOn('mailings.provider_ref', 'mailing_facts.provider_ref')
    })
    .whereNull('mailing_facts.worked_at')
    .where('mailings.id', '>', after)
    .distinct('mailings.id')
    .orderBy('mailings.id')
    .limit(BATCH)
  return rows.map(({ id }) => Number(id))
}

async function workOne(id: number): Promise<boolean> {
  try {
    await transaction(async (trx) => {
      const mailing = await Mailing.query({ client: trx }).where('id', id).forUpdate().firstOrFail()
      mailing.heardAt = clock.now()
      await workMailing(trx, mailing)
    })
    return true
  } catch (error) {
    logger.error({ err: error, mailing: id }, 'what was told of a mailing could not be worked')
    return false
  }
}

let running: Promise<unknown> | null = null
let again = false

/** Works the inbox after the answer to a webhook; one run at a time in a process. */
export function workMailingFactsSoon() {
  again = true
  running ??= (async () => {
    while (again) {
      again = false
      await workMailingFacts()
    }
  })()
    .catch((error) =>
      logger.error({ err: error }, 'the mailings could not be worked; the next tick tries again')
    )
    .finally(() => {
      running = null
      if (again) workMailingFactsSoon()
    })
}

/** Resolves when no run started by a webhook is under way. */
export async function mailingsIdle() {
  while (running) await running
}

app.terminating(mailingsIdle)
