import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'
import { addMonths } from '#shared/calendar'
import { clock } from '#shared/clock'

/** What is held back is looked at again every day: each is played. */
const MONTHS_AHEAD = 24

export default class CampaignsSimulate extends AmiableCommand {
  static override commandName = 'campaigns:simulate'
  static override description = 'Say who would get what, when and at what cost; writes nothing'

  @flags.string({ description: 'Id or reference of the campaign', required: true })
  declare campaign: string

  @flags.string({ description: 'Last day looked at (YYYY-MM-DD)', required: true })
  declare until: string

  override async run() {
    const { findCampaign } = await import('#campaigns/queries/find_campaign')
    const { simulateCampaign } = await import('#campaigns/actions/simulate_campaign')

    const until = this.day('until', this.until)
    const latest = addMonths(clock.today(), MONTHS_AHEAD)
    if (until > latest) this.refuse(`--until goes to ${latest} at most, not ${until}`)
    const campaign = await findCampaign(this.campaign)
    if (!campaign) this.refuse(`There is no campaign ${this.campaign}`)
    const simulated = await simulateCampaign(campaign, until)
    this.answer(simulated, [
      ...simulated.actions.map(({ claim, channel, on, state, reason }) =>
        [on, claim, channel, state, reason].filter(Boolean).join('  ')
      ),
      `cost: ${simulated.costCents} cents`,
    ])
  }
}
