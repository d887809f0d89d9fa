import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { rowsOf, sqlList, write } from '#shared/sql'
import { collectionEmail } from '#debtors/collection_contact'
import { enqueueSelected } from '#deliveries/outbox'
import { addressElectronic } from '#registered_mail/electronic/addressees'
import { isSkip, isWait, SKIPS, STOPS, setWaits, type Verdict } from '#campaigns/due/judge'
import { keepGaps } from '#campaigns/due/gaps'
import type { Policy } from '#campaigns/due/policy'
import { OPEN_STATES } from '#campaigns/models/action'
import { REMINDER } from '#campaigns/recipe_names'
import type { StepChannel } from '#campaigns/models/scenario_step'

export type Tally = { verdict: Verdict; channel: StepChannel; late: boolean; count: number }

const goes = ({ verdict }: Tally) => verdict === 'go'
const going = `select id from due_actions where verdict = 'go'`
const skippedAlone = SKIPS.filter((reason) => !(STOPS as readonly string[]).includes(reason))

/**
 * Writes what was judged, in the same transaction: the actions' states, the letters and
 * emails they queue, the contacts, the timeline and the next step's turn.
 */
export async function carryOut(trx: TransactionClientContract, policy: Policy): Promise<Tally[]> {
  const tallies = await tally(trx, policy)
  const some = (test: (one: Tally) => boolean) => tallies.some(test)

  if (some(goes)) await finish(trx, policy)
  if (some((one) => goes(one) && one.channel !== 'email')) await queueLetters(trx, policy)
  if (some((one) => goes(one) && one.channel === 'email')) await queueEmails(trx)
  if (some(({ verdict }) => isSkip(verdict))) await skip(trx)
  if (some(({ verdict }) => verdict === 'confirm')) await askToConfirm(trx)
  if (some(({ verdict }) => verdict === 'early')) await putBack(trx)
  if (some(({ verdict }) => isWait(verdict))) await defer(trx, policy)
  await writeTimeline(trx, policy, tallies)
  if (some((one) => goes(one) && one.late)) await moveLaterSteps(trx, policy)
  if (some((one) => goes(one) || isSkip(one.verdict))) await giveTurn(trx)
  return tallies
}

async function tally(trx: TransactionClientContract, policy: Policy): Promise<Tally[]> {
  const rows = await rowsOf<{ verdict: Verdict; channel: StepChannel; late: number; count: number }>(
    trx,
    `select verdict, channel, case when planned_on < :today then 1 else 0 end as late, count(*) as count
     from due_actions group by verdict, channel, late`,
    { today: policy.today }
  )
  return rows.map((row) => ({ ...row, late: row.late === 1, count: Number(row.count) }))
}

async function finish(trx: TransactionClientContract, policy: Policy) {
  await write(
    trx,
    `update actions set state = 'done', reason = null, due_at = null, done_at = :at where id in (${going})`,
    { at: policy.at }
  )
  await write(
    trx,
    `insert into contacts (person_id, action_id, channel, occurred_at)
     select person_id, id, channel, :at from due_actions where verdict = 'go'`,
    { at: policy.at }
  )
}

/** The reference is the file's, then the letter's rank on it. */
async function queueLetters(trx: TransactionClientContract, policy: Policy) {
  await write(
    trx,
    `insert into letters (ref, claim_id, action_id, kind, template, dated_on, state, created_at)
     select c.ref || '-L' || (1 + (select count(*) from letters l where l.claim_id = d.claim_id)), d.claim_id,
       d.id, case d.channel when 'letter' then 'simple' else d.channel end, s.template, :today, 'queued', :at
     from due_actions d
     join claims c on c.id = d.claim_id
     join scenario_steps s on s.id = d.step_id
     where d.verdict = 'go' and d.channel in ('letter', 'lrar', 'ere', 'lre')`,
    { today: policy.today, at: policy.at }
  )
  await addressElectronic(
    trx,
    `select l.id from letters l join due_actions d on d.id = l.action_id
     where d.channel in ('ere', 'lre') and d.verdict = 'go'`
  )
}

const queueEmails = (trx: TransactionClientContract) =>
  enqueueSelected(
    trx,
    {
      sql: `select 'action:' || d.id as key, (${collectionEmail('d')}) as recipient, d.claim_id, d.creditor_id,
              d.id as action_id, cast(null as integer) as letter_id
            from due_actions d where d.verdict = 'go' and d.channel = 'email'`,
      bindings: [],
    },
    { recipe: REMINDER }
  )

async function skip(trx: TransactionClientContract) {
  await write(
    trx,
    `update actions set state = 'skipped', reason = d.verdict, due_at = null
     from due_actions d where d.id = actions.id and d.verdict in (${sqlList(SKIPS)})`
  )
  await write(
    trx,
    `update actions set state = 'skipped', reason = d.verdict, due_at = null
     from due_actions d
     where d.verdict in (${sqlList(STOPS)}) and actions.campaign_id = d.campaign_id
       and actions.claim_id = d.claim_id and actions.state in (${sqlList(OPEN_STATES)})`
  )
}

const askToConfirm = (trx: TransactionClientContract) =>
  write(
    trx,
    `update actions set state = 'to_confirm', reason = null, due_at = null
     where id in (select id from due_actions where verdict = 'confirm')`
  )

/** Looked at before its day because its file stopped or resumed: nothing changes. */
const putBack = (trx: TransactionClientContract) =>
  write(
    trx,
    `update actions set due_at = planned_on || 'T00:00:00.000Z'
     where id in (select id from due_actions where verdict = 'early')`
  )

async function defer(trx: TransactionClientContract, policy: Policy) {
  await setWaits(trx, policy)
  await write(
    trx,
    `update actions set state = 'deferred', reason = d.verdict, due_at = d.until_at
     from due_actions d where d.id = actions.id and d.until_at is not null`
  )
}

/**
 * One line per file and action. A wait is told once, not each time it is looked at again,
 * and waiting for the day to begin is not told at all.
 */
const TOLD: [test: (one: Tally) => boolean, type: string, condition: string, more: string][] = [
  [goes, `'campaign.' || d.channel || '_queued'`, `d.verdict = 'go'`, ''],
  [
    ({ verdict, channel }) => verdict === 'confirm' && channel === 'hand_over',
    `'campaign.hand_over_proposed'`,
    `d.verdict = 'confirm' and d.channel = 'hand_over'`,
    '',
  ],
  [
    ({ verdict }) => isSkip(verdict),
    `'campaign.skipped'`,
    `d.verdict in (${sqlList(SKIPS)})`,
    `,"reason":"' || d.verdict || '"`,
  ],
  [
    ({ verdict }) => isWait(verdict) && verdict !== 'outside_hours',
    `'campaign.deferred'`,
    `d.until_at is not null and d.verdict <> 'outside_hours' and d.verdict <> coalesce(d.reason_before, '')`,
    `,"reason":"' || d.verdict || '","untilAt":"' || d.until_at || '"`,
  ],
]

async function writeTimeline(trx: TransactionClientContract, policy: Policy, tallies: Tally[]) {
  for (const [test, type, condition, more] of TOLD) {
    if (!tallies.some(test)) continue
    const detail = `'{"action":' || d.id || ',"channel":"' || d.channel || '","position":' || d.position || '${more}}'`
    await write(
      trx,
      `insert into claim_events (claim_id, type, actor, detail, occurred_at)
       select d.claim_id, ${type}, 'system', ${detail}, :at from due_actions d where ${condition}`,
      { at: policy.at }
    )
    await write(
      trx,
      `update claims set last_activity_at = :at
       where last_activity_at < :at and id in (select d.claim_id from due_actions d where ${condition})`,
      { at: policy.at }
    )
  }
}

/** A step that went late moves the later ones, whatever day a person confirmed. */
const moveLaterSteps = (trx: TransactionClientContract, { today }: Policy) =>
  keepGaps(
    trx,
    {
      sql: `select campaign_id, claim_id, step_id from due_actions where verdict = 'go' and planned_on < :today`,
      bindings: { today },
    },
    today
  )

/** The file's next step is looked at from its day on. */
const giveTurn = (trx: TransactionClientContract) =>
  write(
    trx,
    `update actions set due_at = actions.planned_on || 'T00:00:00.000Z'
     from due_actions d
     where d.verdict in (${sqlList(['go', ...skippedAlone])})
       and actions.campaign_id = d.campaign_id and actions.claim_id = d.claim_id
       and actions.position = d.position + 1 and actions.state = 'planned'`
  )
