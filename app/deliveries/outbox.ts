import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type Instant } from '#shared/clock'
import { dialect } from '#shared/transaction'
import type { Channel } from '#deliveries/models/delivery'

export interface Enqueue {
  /** What makes this sending unique: the same key never leaves twice (`reminder:action:42`). */
  key: string
  /** Who composes it when it leaves; see `registerRecipe`. */
  recipe: string
  /** Ids that the recipe needs; never a rendered text or a live link. */
  parameters?: Record<string, string | number | boolean | null>
  /** One strict email address, the postal address for print, or a mobile in E.164. */
  recipient: string
  channel?: Channel
  /** Which carrier of the channel, when it has several. */
  route?: string | null
  claimId?: number | null
  creditorId?: number | null
  actionId?: number | null
  letterId?: number | null
  /** It does not leave before this instant; now by default. */
  notBeforeAt?: Instant
}

/** SQLite refuses an insert of more than 500 rows. */
const BATCH = 500

/**
 * Puts one row in the outbox, in the caller's transaction: it leaves if and
 * only if that transaction commits, and never twice for the same key.
 *
 * @returns false when the key was already there
 */
export async function enqueue(trx: TransactionClientContract, delivery: Enqueue): Promise<boolean> {
  return (await enqueueMany(trx, [delivery])) === 1
}

/**
 * `enqueue` for many rows, by batches of 500.
 *
 * @returns how many were new
 */
export async function enqueueMany(
  trx: TransactionClientContract,
  deliveries: readonly Enqueue[]
): Promise<number> {
  const at = clock.now()
  let queued = 0
  for (let start = 0; start < deliveries.length; start += BATCH) {
    const rows = deliveries.slice(start, start + BATCH).map((delivery) => ({
      key: delivery.key,
      channel: delivery.channel ?? 'email',
      route: delivery.route ?? null,
      recipe: delivery.recipe,
      parameters: JSON.stringify(delivery.parameters ?? {}),
      recipient: delivery.recipient,
      claim_id: delivery.claimId ?? null,
      creditor_id: delivery.creditorId ?? null,
      action_id: delivery.actionId ?? null,
      letter_id: delivery.letterId ?? null,
      not_before_at: delivery.notBeforeAt ?? at,
      created_at: at,
      updated_at: at,
    }))
    const inserted: unknown[] = await trx
      .insertQuery()
      .table('deliveries')
      .knexQuery.insert(rows)
      .onConflict('key')
      .ignore()
      .returning('id')
    queued += inserted.length
  }
  return queued
}

/**
 * `enqueue` for as many rows as a SELECT gives, without bringing them here. The
 * SELECT names the columns `key`, `recipient`, `claim_id`, `creditor_id`,
 * `action_id` and `letter_id`; its recipe finds the rest by these ids.
 *
 * @returns how many were new
 */
export async function enqueueSelected(
  trx: TransactionClientContract,
  select: { sql: string; bindings: readonly (string | number)[] },
  common: { recipe: string; channel?: Channel; route?: string; notBeforeAt?: Instant }
): Promise<number> {
  const at = clock.now()
  // "where true" tells SQLite's parser that ON CONFLICT is not the beginning of a join.
  const result = await trx.rawQuery(
    `insert into deliveries (key, channel, route, recipe, parameters, recipient, claim_id, creditor_id,
       action_id, letter_id, state, attempts, not_before_at, created_at, updated_at)
     select chosen.key, ?, ?, ?, '{}', chosen.recipient, chosen.claim_id, chosen.creditor_id,
       chosen.action_id, chosen.letter_id, 'queued', 0, ?, ?, ?
     from (${select.sql}) as chosen where true
     on conflict (key) do nothing`,
    [
      common.channel ?? 'email',
      common.route ?? null,
      common.recipe,
      common.notBeforeAt ?? at,
      at,
      at,
      ...select.bindings,
    ] as never[]
  )
  if (dialect() === 'postgres') return Number(result.rowCount)
  const [changed] = await trx.rawQuery('select changes() as queued')
  return changed.queued
}
