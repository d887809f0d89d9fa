import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import i18nManager from '@adonisjs/i18n/services/main'
import { contactInstantFrom } from '#shared/calendar'
import { clock, instantOn, type CivilDate } from '#shared/clock'
import { numbered, takeNumbers } from '#shared/numbering'
import { rowsOf } from '#shared/sql'
import { dialect, transaction } from '#shared/transaction'
import { enqueue } from '#deliveries/outbox'
import { planChunk } from '#campaigns/launch/plan_actions'
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

/** Campaigns are named in the agency's language, once. */
const nameOf = (creditor: string, kind: string, on: CivilDate) =>
  i18nManager.locale('fr').t('campaigns.name', { creditor, kind, on: new Date(`${on}T12:00:00Z`) })
