import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'
import { clock, instantOn } from '#shared/clock'

export default class ActionsConfirm extends AmiableCommand {
  static override commandName = 'actions:confirm'
  static override description = 'Confirm what waits for a person in a campaign'

  @flags.string({ description: 'Id or reference of the campaign', required: true })
  declare campaign: string

  @flags.string({ description: 'Also what is planned until this day (YYYY-MM-DD); today by default' })
  declare on?: string

  override async run() {
    const { ConfirmActions } = await import('#campaigns/actions/confirm_actions')
    const { findCampaign } = await import('#campaigns/queries/find_campaign')

    const campaign = await findCampaign(this.campaign)
    if (!campaign) this.refuse(`There is no campaign ${this.campaign}`)
    const on = this.on ? this.day('on', this.on) : clock.today()
    /** A day gone by is confirmed as it would have been then, so that `tick --at` can follow. */
    const at = on < clock.today() ? instantOn(on) : clock.now()
    const confirmed = await clock.at(at, () =>
      new ConfirmActions().handle({ campaignId: campaign.id, on, userId: null })
    )
    this.answer({ confirmed })
  }
}
