import db from '@adonisjs/lucid/services/db'
import { daysBetween } from '#shared/calendar'
import type { CivilDate, Instant } from '#shared/clock'
import { frenchDate } from '#shared/french'
import type Claim from '#claims/models/claim'
import type { StepChannel } from '#campaigns/models/scenario_step'
import type { Said } from '#reporting/agenda/item'

/** A step of a campaign that is still to be taken on a file. */
export type UpcomingAction = {
  id: number
  channel: StepChannel
  template: string
  state: string
  plannedOn: CivilDate
  reason: string | null
  deferredUntilAt: Instant | null
  /** Not confirmed from the file: a person decides it, or does it, on the page of the action. */
  byHand: boolean
  /** The day of the scenario, and the campaign that plays it. */
  day: number
  campaign: string
}

export async function upcomingActions(claimId: number): Promise<UpcomingAction[]> {
  const rows = await db
    .from('actions')
    .join('scenario_steps', 'scenario_steps.id', 'actions.step_id')
    .join('campaigns', 'campaigns.id', 'actions.campaign_id')
    .where('actions.claim_id', claimId)
    .whereIn('actions.state', ['planned', 'to_confirm', 'ready', 'deferred', 'failed'])
    .orderBy('actions.planned_on')
    .orderBy('scenario_steps.position')
    .select('actions.*', 'scenario_steps.template', 'scenario_steps.day', 'campaigns.ref as campaign')
  return rows.map((row) => ({
    id: Number(row.id),
    channel: row.channel,
    template: row.template,
    state: row.state,
    plannedOn: row.planned_on,
    reason: row.reason,
    deferredUntilAt: row.state === 'deferred' ? row.due_at : null,
    byHand: row.channel === 'hand_over' || (row.channel === 'email' && row.mode === 'manual'),
    day: Number(row.day),
    campaign: row.campaign,
  }))
}

/** Why that step, and why then: what holds the file or the step, how long ago the first letter went, its day in the scenario. */
export function whyNext(action: UpcomingAction, claim: Claim, today: CivilDate): Said[] {
  const { firstLetterOn: letterOn, firstLetterRef: ref } = claim
  const why: Said[] = []
  if (claim.status === 'disputed' || claim.status === 'paused')
    why.push({ key: `campaigns.reasons.${claim.status}` })
  if (action.reason) why.push({ key: `campaigns.reasons.${action.reason}` })
  if (letterOn && ref) {
    const values = { ref, on: frenchDate(letterOn), days: daysBetween(letterOn, today) }
    why.push({ key: 'claims.show.why.letter', values })
  }
  const { day, campaign } = action
  why.push({ key: 'claims.show.why.day', values: { day, campaign, on: frenchDate(action.plannedOn) } })
  return why
}

/** Who it goes to: the address or the email of the moment; nobody for what a person decides. */
export function recipientOf({ channel }: UpcomingAction, { debtor }: Claim): string | null {
  if (channel === 'hand_over') return null
  if (channel === 'letter' || channel === 'lrar') {
    const [address] = debtor.addresses
    return address ? `${address.street}, ${address.postcode} ${address.city}` : null
  }
  const emails = debtor.contactPoints.filter((point) => point.kind === 'email' && !point.bouncedAt)
  return (emails.find((point) => point.collectionContact) ?? emails[0])?.value ?? null
}
