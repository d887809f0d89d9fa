import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addDays, contactDayFrom } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'
import { rowsOf, write, type Bindings } from '#shared/sql'
import { firstLookAt } from '#campaigns/calendar'

/**
 * The debtor keeps the days that the scenario gives between two approaches: when steps went on
 * another day than planned, the later ones of their files move as far from it.
 *
 * @param went a SELECT of those steps, with the columns `campaign_id`, `claim_id` and `step_id`
 * @param on the day they went, or will go
 */
export async function keepGaps(
  trx: TransactionClientContract,
  went: { sql: string; bindings: Bindings },
  on: CivilDate
) {
  const gaps = await rowsOf<{ step: number; later: number; days: number }>(
    trx,
    `select distinct went.step_id as step, l.id as later, l.day - s.day as days
     from (${went.sql}) went
     join scenario_steps s on s.id = went.step_id
     join scenario_steps l on l.scenario_id = s.scenario_id and l.position > s.position`,
    went.bindings
  )
  for (const { step, later, days } of gaps) {
    const day = contactDayFrom(addDays(on, days))
    await write(
      trx,
      `update actions set planned_on = :day, due_at = case when due_at < :lookAt then :lookAt else due_at end
       from (${went.sql}) went
       where went.step_id = :step
         and actions.campaign_id = went.campaign_id and actions.claim_id = went.claim_id
         and actions.step_id = :later and actions.state in ('planned', 'deferred') and actions.planned_on < :day`,
      { ...went.bindings, day, lookAt: firstLookAt(day), step, later }
    )
  }
}
