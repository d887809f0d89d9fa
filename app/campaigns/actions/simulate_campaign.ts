import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addDays, contactHours } from '#shared/calendar'
import { civilDateAt, clock, instantOn, type CivilDate, type Instant } from '#shared/clock'
import { rowsOf, write } from '#shared/sql'
import { transaction } from '#shared/transaction'
import { postageCents } from '#campaigns/costs'
import { carryOutBatch } from '#campaigns/due/work'
import { BATCH } from '#campaigns/due/judge'
import { lettersRendered } from '#campaigns/letter_outcomes'
import type { ActionState } from '#campaigns/models/action'
import type Campaign from '#campaigns/models/campaign'
import { FIRST_LETTER } from '#campaigns/recipe_names'
import type { StepChannel } from '#campaigns/models/scenario_step'
import type { Reason } from '#campaigns/reasons'

export type SimulatedAction = {
  action: number
  claim: string
  debtor: string
  channel: StepChannel
  /** The day it goes, or the day it would be looked at again. */
  on: CivilDate
  state: ActionState
  reason: Reason | null
}

/** What a simulation ends with: nothing of it may stay. */
class Undo extends Error {}

/**
 * N2: who gets what, when and at what cost, if every step is confirmed on its day and nobody
 * answers. The real rules run, day by day, in a transaction that is always undone; only the
 * campaign's own actions are played, the contacts already made for others count.
 */
export async function simulateCampaign(campaign: Campaign, until: CivilDate) {
  let actions: SimulatedAction[] = []
  const now = clock.now()
  try {
    await transaction(async (trx) => {
      for (let day: CivilDate | null = clock.today(); day && day <= until;) {
        const at = dayAt(day, now)
        if (at) await clock.at(at, () => playDay(trx, campaign, at))
        day = await nextDay(trx, campaign, day)
      }
      actions = await read(trx, campaign)
      throw new Undo()
    })
  } catch (error) {
    if (!(error instanceof Undo)) throw error
  }
  const costCents = actions
    .filter(({ state }) => state === 'done')
    .reduce((total, { channel }) => total + postageCents(channel), 0)
  return { actions: actions.filter(({ on }) => on <= until), costCents }
}

/** When contact opens that day, or now on the first; null on a day without contact. */
function dayAt(day: CivilDate, now: Instant): Instant | null {
  const hours = contactHours(day)
  if (!hours) return null
  const opens = instantOn(day, hours.from)
  return opens > now ? opens : now
}

async function playDay(trx: TransactionClientContract, campaign: Campaign, at: Instant) {
  await playDue(trx, campaign, at)
  const confirmed = await write(
    trx,
    `update actions set state = 'ready', confirmed_at = :at, due_at = :at
     where campaign_id = :campaign and state = 'to_confirm' and channel <> 'hand_over'`,
    { at, campaign: campaign.id }
  )
  if (confirmed > 0) await playDue(trx, campaign, at)
  await playLetters(trx, campaign)
}

/** Each first letter is written and leaves by email at once, where there is an address. */
async function playLetters(trx: TransactionClientContract, campaign: Campaign) {
  const letters = await rowsOf<{ id: number }>(
    trx,
    `select l.id from letters l join actions a on a.id = l.action_id
     join claims c on c.id = l.claim_id and c.first_letter_ref is null
     where a.campaign_id = :campaign and l.state = 'queued'`,
    { campaign: campaign.id }
  )
  await lettersRendered(
    trx,
    letters.map(({ id }) => id)
  )
  await write(
    trx,
    `update deliveries set state = 'sent' where recipe = '${FIRST_LETTER}' and state = 'queued'
       and action_id in (select id from actions where campaign_id = :campaign)`,
    { campaign: campaign.id }
  )
}

/** The next day on which something is due or waits to be confirmed; null when nothing is left. */
async function nextDay(trx: TransactionClientContract, campaign: Campaign, day: CivilDate) {
  const [next] = await rowsOf<{ due_at: Instant | null; waiting: number | string }>(
    trx,
    `select min(due_at) as due_at,
       sum(case when state = 'to_confirm' and channel <> 'hand_over' then 1 else 0 end) as waiting
     from actions where campaign_id = :campaign`,
    { campaign: campaign.id }
  )
  const tomorrow = addDays(day, 1)
  if (Number(next?.waiting) > 0) return tomorrow
  if (!next?.due_at) return null
  const due = civilDateAt(next.due_at)
  return due > tomorrow ? due : tomorrow
}

async function playDue(trx: TransactionClientContract, campaign: Campaign, at: Instant) {
  for (;;) {
    const { taken } = await carryOutBatch(trx, at, campaign.id)
    if (taken < BATCH) return
  }
}

async function read(trx: TransactionClientContract, campaign: Campaign): Promise<SimulatedAction[]> {
  const rows = await rowsOf<{
    id: number
    ref: string
    name: string
    channel: StepChannel
    on_day: CivilDate
    state: ActionState
    reason: Reason | null
  }>(
    trx,
    `select a.id, c.ref, coalesce(d.company_name, d.full_name) as name, a.channel, a.state, a.reason,
       substr(coalesce(a.done_at, case when a.state = 'deferred' then a.due_at end, a.planned_on), 1, 10) as on_day
     from actions a join claims c on c.id = a.claim_id join debtors d on d.id = c.debtor_id
     where a.campaign_id = :campaign order by on_day, a.id`,
    { campaign: campaign.id }
  )
  return rows.map((row) => ({
    action: Number(row.id),
    claim: row.ref,
    debtor: row.name,
    channel: row.channel,
    on: row.on_day,
    state: row.state,
    reason: row.reason,
  }))
}
