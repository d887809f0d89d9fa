import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import i18nManager from '@adonisjs/i18n/services/main'
import { contactInstantFrom } from '#shared/calendar'
import { clock, instantOn, type CivilDate } from '#shared/clock'
import { numbered, takeNumbers } from '#shared/numbering'
import { rowsOf, write } from '#shared/sql'
import { dialect, transaction } from '#shared/transaction'
import { refreshStatus } from '#claims/status'
import { enqueue } from '#deliveries/outbox'
import { firstLookAt } from '#campaigns/calendar'
import {
  previewLaunch,
  type LaunchPlan,
  type LaunchPreview,
  type LaunchRefusal,
  type PlannedCampaign,
} from '#campaigns/launch/preview'
import Campaign from '#campaigns/models/campaign'
import { LAUNCHED } from '#campaigns/recipe_names'

export type LaunchOutcome =
  | { launched: true; campaigns: Campaign[]; preview: LaunchPreview }
  | { launched: false; refusals: LaunchRefusal[]; preview: LaunchPreview }

/** How many files one statement writes: long enough to be fast, short enough not to hold the process. */
const CHUNK = 5000

/**
 * Launches a scenario on the files of an import or of a creditor: one campaign for
 * businesses and one for consumers (R23), every action planned, and an email to the
 * creditor for each (R22). All of it, or nothing with the reasons.
 */
export class LaunchCampaign {
  handle(plan: LaunchPlan & { userId: number | null }): Promise<LaunchOutcome> {
    return transaction(async (trx) => {
      await this.lockCreditor(trx, plan.creditorId)
      const preview = await previewLaunch(trx, plan)
      if (preview.refusals.length > 0) return { launched: false, refusals: preview.refusals, preview }
      const campaigns: Campaign[] = []
      for (const planned of preview.campaigns) {
        campaigns.push(await this.launchOne(trx, plan, preview, planned))
      }
      return { launched: true, campaigns, preview }
    })
  }

  /** Two launches of the same files follow each other, and the second finds them in a campaign. */
  private async lockCreditor(trx: TransactionClientContract, creditorId: number) {
    if (dialect() === 'postgres') await trx.from('creditors').where('id', creditorId).forUpdate().select('id')
  }

  private async launchOne(
    trx: TransactionClientContract,
    plan: LaunchPlan & { userId: number | null },
    { creditor, on, excluded }: LaunchPreview,
    planned: PlannedCampaign
  ): Promise<Campaign> {
    const year = Number(on.slice(0, 4))
    const campaign = await Campaign.create(
      {
        ref: numbered('CA', year, await takeNumbers(trx, 'campaign', year)),
        creditorId: creditor.id,
        scenarioId: planned.scenario.id,
        importId: 'importId' in plan.target ? plan.target.importId : null,
        kind: planned.kind,
        name: nameOf(creditor.name, planned.kind, on),
        launchedOn: on,
        userId: plan.userId,
        createdAt: clock.now(),
      },
      { client: trx }
    )
    await this.planActions(trx, campaign, planned)
    await this.tellCreditor(trx, campaign, creditor.email, planned, excluded.length)
    return campaign
  }

  private async planActions(trx: TransactionClientContract, campaign: Campaign, planned: PlannedCampaign) {
    for (let after = 0; ;) {
      const [chunk] = await rowsOf<{ last: number | null }>(
        trx,
        `select max(claim_id) as last from (
           select claim_id from launch_claims where reason is null and kind = :kind and claim_id > :after
           order by claim_id limit ${CHUNK}) chunk`,
        { kind: planned.kind, after }
      )
      if (!chunk?.last) return
      await planChunk(trx, campaign, planned, { after, last: Number(chunk.last) })
      after = Number(chunk.last)
    }
  }

  /** R22: the count of files and the calendar, on the day of the launch. */
  private async tellCreditor(
    trx: TransactionClientContract,
    campaign: Campaign,
    email: string | null,
    planned: PlannedCampaign,
    excluded: number
  ) {
    if (!email) return
    const day = instantOn(campaign.launchedOn)
    const now = clock.now()
    await enqueue(trx, {
      key: `campaign:${campaign.id}:launched`,
      recipe: LAUNCHED,
      parameters: {
        campaign: campaign.id,
        claims: planned.claims,
        excluded,
        calendar: JSON.stringify(planned.calendar.map(({ on, channel, count }) => ({ on, channel, count }))),
      },
      recipient: email,
      creditorId: campaign.creditorId,
      notBeforeAt: day > now ? contactInstantFrom(day) : now,
    })
  }
}

type Chunk = { after: number; last: number }

async function planChunk(
  trx: TransactionClientContract,
  campaign: Campaign,
  planned: PlannedCampaign,
  chunk: Chunk
) {
  const files = `select claim_id from launch_claims
    where reason is null and kind = :kind and claim_id > :after and claim_id <= :last`
  const bindings = { ...chunk, kind: planned.kind, campaign: campaign.id, now: clock.now() }
  await write(
    trx,
    `update claims set launched_on = coalesce(launched_on, :on), last_activity_at = :now where id in (${files})`,
    { ...bindings, on: campaign.launchedOn }
  )
  await refreshStatus(
    trx,
    `claims.id > ? and claims.id <= ? and claims.id in (select claim_id from launch_claims where reason is null and kind = ?)`,
    [chunk.after, chunk.last, planned.kind]
  )
  await planSteps(trx, files, planned, bindings)
  await write(
    trx,
    `insert into claim_events (claim_id, type, actor, user_id, detail, occurred_at)
     select claim_id, 'campaign.launched', 'user', ${campaign.userId ?? 'null'},
       '{"campaign":"${campaign.ref}"}', :now
     from (${files}) chosen`,
    bindings
  )
}

/**
 * One action per file and step. The first one is the file's next: it has a due instant, or
 * waits for a person at once when its day has come.
 */
async function planSteps(
  trx: TransactionClientContract,
  files: string,
  { scenario, calendar }: PlannedCampaign,
  bindings: Record<string, string | number>
) {
  const [first] = calendar
  if (!first) throw new Error(`scenario ${scenario.slug} has no step`)
  const waits = first.mode !== 'automatic' && first.on <= clock.today()
  const dayOf = `case s.position ${calendar.map(({ position, on }) => `when ${position} then '${on}'`).join(' ')} end`
  await write(
    trx,
    `insert into actions (campaign_id, claim_id, step_id, position, channel, mode, planned_on, state, due_at)
     select :campaign, chosen.claim_id, s.id, s.position, s.channel, s.mode, ${dayOf},
       case when s.position = ${first.position} then '${waits ? 'to_confirm' : 'planned'}' else 'planned' end,
       case when s.position = ${first.position} then ${waits ? 'null' : `'${firstLookAt(first.on)}'`} end
     from (${files}) chosen cross join scenario_steps s
     where s.scenario_id = :scenario
     order by chosen.claim_id, s.position`,
    { ...bindings, scenario: scenario.id }
  )
}

/** Campaigns are named in the agency's language, once. */
const nameOf = (creditor: string, kind: string, on: CivilDate) =>
  i18nManager.locale('fr').t('campaigns.name', { creditor, kind, on: new Date(`${on}T12:00:00Z`) })
