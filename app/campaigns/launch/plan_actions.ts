import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { write } from '#shared/sql'
import { refreshStatus } from '#claims/status'
import { firstLookAt } from '#campaigns/calendar'
import type { PlannedCampaign, PlannedStep } from '#campaigns/launch/preview'
import type Campaign from '#campaigns/models/campaign'

/** Files of one lot, by their ids: after one, until another. */
export type Chunk = { after: number; last: number }

/** Puts a chunk of a lot's files in a campaign: launched, every step planned, told on the timeline. */
export async function planChunk(
  trx: TransactionClientContract,
  campaign: Campaign,
  planned: PlannedCampaign,
  chunk: Chunk
) {
  const files = `select claim_id, person_id from launch_claims
    where reason is null and kind = :kind and claim_id > :after and claim_id <= :last`
  const bindings = { ...chunk, kind: planned.kind, campaign: campaign.id, now: clock.now() }
  await write(
    trx,
    `update claims set launched_on = coalesce(launched_on, :on), last_activity_at = :now where id in (select claim_id from (${files}) chosen)`,
    { ...bindings, on: campaign.launchedOn }
  )
  await refreshStatus(
    trx,
    `claims.id > ? and claims.id <= ? and claims.id in (select claim_id from launch_claims where reason is null and kind = ?)`,
    [chunk.after, chunk.last, planned.kind]
  )
  await planSteps(trx, campaign, planned.calendar, { sql: files, bindings })
  await write(
    trx,
    `insert into claim_events (claim_id, type, actor, user_id, detail, occurred_at)
     select claim_id, 'campaign.launched', 'user', ${campaign.userId ?? 'null'},
       '{"campaign":"${campaign.ref}"}', :now
     from (${files}) chosen`,
    bindings
  )
}

/** A SELECT of files, with the columns `claim_id` and `person_id`. */
export type Files = { sql: string; bindings: Record<string, string | number> }

/**
 * One action per file and step. The first one is the file's next: it has a due instant, or
 * waits for a person at once when its day has come.
 */
export async function planSteps(
  trx: TransactionClientContract,
  campaign: Campaign,
  steps: readonly Pick<PlannedStep, 'stepId' | 'position' | 'mode' | 'on'>[],
  files: Files
) {
  const [first] = steps
  if (!first) throw new Error(`campaign ${campaign.ref} has no step`)
  const waits = first.mode !== 'automatic' && first.on <= clock.today()
  const firstOr = (ofFirst: string, ofOthers: string) =>
    `case when s.position = ${first.position} then ${ofFirst} else ${ofOthers} end`
  const dayOf = `case s.position ${steps.map(({ position, on }) => `when ${position} then '${on}'`).join(' ')} end`
  await write(
    trx,
    `insert into actions (campaign_id, claim_id, step_id, person_id, position, channel, mode, planned_on, state,
       due_at)
     select ${campaign.id}, chosen.claim_id, s.id, chosen.person_id, s.position, s.channel, s.mode, ${dayOf},
       ${firstOr(waits ? `'to_confirm'` : `'planned'`, `'planned'`)},
       ${firstOr(waits ? 'null' : `'${firstLookAt(first.on)}'`, 'null')}
     from (${files.sql}) chosen cross join scenario_steps s
     where s.id in (${steps.map(({ stepId }) => stepId).join(', ')})
     order by chosen.claim_id, s.position`,
    files.bindings
  )
}
