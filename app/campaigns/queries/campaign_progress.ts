import db from '@adonisjs/lucid/services/db'
import type { CivilDate } from '#shared/clock'
import type Campaign from '#campaigns/models/campaign'
import { ACTION_STATES, type ActionState } from '#campaigns/models/action'
import type { StepChannel, StepMode } from '#campaigns/models/scenario_step'

const PAGE = 50

export type StepProgress = {
  position: number
  day: number
  channel: StepChannel
  mode: StepMode
  template: string
  plannedOn: CivilDate | null
  total: number
  /** Done; still to come; not gone, for good or for now. */
  done: number
  waiting: number
  held: number
}

/** How far a campaign has gone: each step, and each state over all of them. */
export async function campaignProgress(campaign: Campaign) {
  const steps = await db.from('scenario_steps').where('scenario_id', campaign.scenarioId).orderBy('position')
  const rows = await db
    .from('actions')
    .where('campaign_id', campaign.id)
    .groupBy('position', 'state')
    .select('position', 'state')
    .count('* as total')
    .min('planned_on as planned_on')
  const progress: StepProgress[] = steps.map((step) => {
    const own = rows.filter((row) => row.position === step.position)
    return {
      position: step.position,
      day: step.day,
      channel: step.channel,
      mode: step.mode,
      template: step.template,
      plannedOn: own.map((row) => row.planned_on).sort()[0] ?? null,
      total: own.reduce((sum, row) => sum + Number(row.total), 0),
      ...splitOf(countsOf(own)),
    }
  })
  const byState = countsOf(rows)
  return {
    steps: progress,
    byState,
    held: splitOf(byState).held,
    files: Math.max(0, ...progress.map(({ total }) => total)),
    total: Object.values(byState).reduce((sum, count) => sum + count, 0),
    reasons: await reasonsOf(campaign),
  }
}

const countsOf = (rows: { state: ActionState; total: number }[]) =>
  Object.fromEntries(
    ACTION_STATES.map((state) => [
      state,
      rows.filter((row) => row.state === state).reduce((sum, row) => sum + Number(row.total), 0),
    ])
  ) as Record<ActionState, number>

const splitOf = (byState: Record<ActionState, number>) => ({
  done: byState.done,
  waiting: byState.planned + byState.to_confirm + byState.ready,
  held: byState.skipped + byState.deferred + byState.failed,
})

/** N1: why what did not go did not. */
async function reasonsOf(campaign: Campaign) {
  const rows = await db
    .from('actions')
    .where('campaign_id', campaign.id)
    .whereNotNull('reason')
    .groupBy('state', 'reason')
    .select('state', 'reason')
    .count('* as total')
  return rows
    .map((row) => ({
      state: row.state as ActionState,
      reason: row.reason as string,
      total: Number(row.total),
    }))
    .sort((a, b) => b.total - a.total)
}

/** The actions of a campaign by file and step, each with its reason. */
export function campaignActions(campaign: Campaign, state: ActionState | null, page: number) {
  const query = db
    .from('actions')
    .join('claims', 'claims.id', 'actions.claim_id')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .join('scenario_steps', 'scenario_steps.id', 'actions.step_id')
    .where('actions.campaign_id', campaign.id)
    .orderBy('actions.claim_id')
    .orderBy('actions.position')
    .select('actions.*', 'claims.ref', 'scenario_steps.template')
    .select(db.raw('coalesce(debtors.company_name, debtors.full_name) as debtor'))
  if (state) query.where('actions.state', state)
  return query.paginate(page, PAGE)
}

/** How many letters it has had written or queued: what may be printed together. */
export async function campaignLetters(campaign: Campaign): Promise<number> {
  const row = await db
    .from('letters')
    .join('actions', 'actions.id', 'letters.action_id')
    .where('actions.campaign_id', campaign.id)
    .whereIn('letters.state', ['queued', 'rendered', 'printed'])
    .count('* as total')
    .first()
  return Number(row.total)
}
