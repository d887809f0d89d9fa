import db from '@adonisjs/lucid/services/db'

const PAGE = 30

/** Campaigns, the running ones first, then the newest. */
export async function campaignList(page: number) {
  const found = await db
    .from('campaigns')
    .join('creditors', 'creditors.id', 'campaigns.creditor_id')
    .join('scenarios', 'scenarios.id', 'campaigns.scenario_id')
    .orderByRaw(`case campaigns.state when 'running' then 0 else 1 end`)
    .orderBy('campaigns.id', 'desc')
    .select('campaigns.*', 'creditors.name as creditor', 'scenarios.name as scenario')
    .paginate(page, PAGE)
  const progress = await progressOf(found.all().map(({ id }) => Number(id)))
  for (const campaign of found.all()) campaign.progress = progress.get(Number(campaign.id)) ?? NOTHING
  return found
}

const NOTHING = { files: 0, actions: 0, over: 0, toConfirm: 0 }

/** How far each has gone, in one query for the page. */
async function progressOf(ids: number[]) {
  const rows = await db
    .from('actions')
    .whereIn('campaign_id', ids)
    .groupBy('campaign_id')
    .select('campaign_id')
    .select(db.raw('count(*) as actions'))
    .select(db.raw('sum(case when position = 1 then 1 else 0 end) as files'))
    .select(db.raw(`sum(case when state in ('done', 'skipped', 'failed') then 1 else 0 end) as over`))
    .select(db.raw(`sum(case when state = 'to_confirm' then 1 else 0 end) as to_confirm`))
  return new Map(
    rows.map((row) => [
      Number(row.campaign_id),
      {
        files: Number(row.files),
        actions: Number(row.actions),
        over: Number(row.over),
        toConfirm: Number(row.to_confirm),
      },
    ])
  )
}
