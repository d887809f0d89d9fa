import { appUrl } from '#config/app'
import type { CivilDate } from '#shared/clock'
import { composeMail } from '#deliveries/mails/compose_mail'
import { agencyCard } from '#deliveries/mails/debtor_mail'
import type { Compose } from '#deliveries/recipes'
import Campaign from '#campaigns/models/campaign'
import type { StepChannel } from '#campaigns/models/scenario_step'

/** R22: on the day of the launch, the count of files and the calendar, as they were launched. */
export const composeLaunched: Compose = async (delivery) => {
  const campaign = await Campaign.query()
    .where('id', Number(delivery.parameters.campaign))
    .preload('creditor')
    .firstOrFail()
  const calendar = JSON.parse(String(delivery.parameters.calendar)) as CalendarLine[]
  return composeMail('launched', {
    agency: await agencyCard(),
    url: `${appUrl}/claims?creditor=${encodeURIComponent(campaign.creditor.ref)}`,
    campaignRef: campaign.ref,
    kind: campaign.kind,
    claims: Number(delivery.parameters.claims),
    excluded: Number(delivery.parameters.excluded),
    calendar,
  })
}

export type CalendarLine = { on: CivilDate; channel: StepChannel; count: number }
