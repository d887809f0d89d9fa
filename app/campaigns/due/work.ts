import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { Instant } from '#shared/clock'
import { rowsOf, sqlList, write } from '#shared/sql'
import { transaction } from '#shared/transaction'
import { carryOut, type Tally } from '#campaigns/due/carry_out'
import { BATCH, isSkip, isWait, judgeDue } from '#campaigns/due/judge'
import { policyAt } from '#campaigns/due/policy'
import { OPEN_STATES } from '#campaigns/models/action'
import type { Reason } from '#campaigns/reasons'

export type Held = { action: number; claim: string; reason: Reason; until: Instant }

export type Carried = {
  letters: number
  emails: number
  toConfirm: number
  skipped: number
  deferred: Held[]
}

type Batch = { taken: number; tallies: Tally[]; deferred: Held[] }

/**
 * Does every action due at an instant, in batches of one transaction each: killed anywhere,
 * a batch is whole or absent, and two processes never take the same action.
 */
export async function carryOutDue(at: Instant, signal?: AbortSignal): Promise<Carried> {
  const carried: Carried = { letters: 0, emails: 0, toConfirm: 0, skipped: 0, deferred: [] }
  for (;;) {
    const batch = await transaction((trx) => carryOutBatch(trx, at))
    add(carried, batch)
    if (batch.taken < BATCH || signal?.aborted) break
  }
  if (carried.letters + carried.emails + carried.skipped > 0) await transaction(endFinished)
  return carried
}

/** One batch in the caller's transaction; `campaignId` restricts it, for a simulation. */
export async function carryOutBatch(
  trx: TransactionClientContract,
  at: Instant,
  campaignId: number | null = null
): Promise<Batch> {
  const policy = await policyAt(trx, at)
  const taken = await judgeDue(trx, policy, campaignId)
  if (taken === 0) return { taken, tallies: [], deferred: [] }
  const tallies = await carryOut(trx, policy)
  const held = tallies.some(({ verdict }) => isWait(verdict))
  return { taken, tallies, deferred: held ? await heldBack(trx) : [] }
}

const heldBack = (trx: TransactionClientContract) =>
  rowsOf<Held>(
    trx,
    `select d.id as action, c.ref as claim, d.verdict as reason, d.until_at as until
     from due_actions d join claims c on c.id = d.claim_id where d.until_at is not null order by d.id`
  )

function add(carried: Carried, { tallies, deferred }: Batch) {
  carried.deferred.push(...deferred)
  for (const { verdict, channel, count } of tallies) {
    if (verdict === 'confirm') carried.toConfirm += count
    else if (isSkip(verdict)) carried.skipped += count
    else if (verdict === 'go' && channel === 'email') carried.emails += count
    else if (verdict === 'go') carried.letters += count
  }
}

/** A campaign of which nothing is left to do is over. */
const endFinished = (trx: TransactionClientContract) =>
  write(
    trx,
    `update campaigns set state = 'ended' where state = 'running' and not exists (
       select 1 from actions a where a.campaign_id = campaigns.id and a.state in (${sqlList(OPEN_STATES)}))`
  )
