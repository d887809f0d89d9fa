import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'
import { clock, instantOn } from '#shared/clock'
import type { LaunchPlan, LaunchPreview, LaunchRefusal } from '#campaigns/launch/preview'
import type Campaign from '#campaigns/models/campaign'

export default class CampaignsLaunch extends AmiableCommand {
  static override commandName = 'campaigns:launch'
  static override description = 'Launch a scenario on the files of an import or of a creditor'

  @flags.string({ description: 'The import whose files are launched' })
  declare import?: string

  @flags.string({ description: 'Reference of the creditor whose files are all launched' })
  declare creditor?: string

  @flags.string({ description: 'The scenario, for example "amiable"', required: true })
  declare scenario: string

  @flags.string({ description: 'First day of the calendar (YYYY-MM-DD); today by default' })
  declare on?: string

  @flags.boolean({ description: 'Show what would be launched, write nothing' })
  declare dryRun: boolean

  @flags.boolean({ description: 'Do not ask for confirmation' })
  declare yes: boolean

  override async run() {
    const { findLaunchTarget } = await import('#campaigns/launch/target')
    const { LaunchCampaign } = await import('#campaigns/launch/launch_campaign')
    const { previewLaunch } = await import('#campaigns/launch/preview')
    const { transaction } = await import('#shared/transaction')

    const found = await findLaunchTarget({ importRef: this.import, creditorRef: this.creditor })
    if (!found.found) this.refuse(TARGET_REFUSALS[found.reason])
    const on = this.on ? this.day('on', this.on) : clock.today()
    const plan: LaunchPlan = { ...found, scenario: this.scenario, on }

    const preview = await transaction((trx) => previewLaunch(trx, plan))
    this.#refuseIf(preview)
    if (this.dryRun) return this.answer(shape(preview), told(preview))
    if (!this.yes && process.stdin.isTTY && !this.json) {
      for (const line of told(preview)) this.logger.log(line)
      if (!(await this.prompt.confirm('Launch?'))) this.refuse('Nothing was launched')
    }
    /** A day gone by is launched as it would have been then, so that `tick --at` can follow. */
    const at = on < clock.today() ? instantOn(on, 9) : clock.now()
    const outcome = await clock.at(at, () => new LaunchCampaign().handle({ ...plan, userId: null }))
    this.#refuseIf(outcome.preview)
    this.answer(shape(outcome.preview, outcome.launched ? outcome.campaigns : []), told(outcome.preview))
  }

  /** With the files left out, each with its reason: it is often there. */
  #refuseIf(preview: LaunchPreview) {
    if (preview.refusals.length === 0) return
    if (this.dryRun && !this.json) for (const line of told(preview)) this.logger.log(line)
    this.answerAndRefuse(shape(preview), preview.refusals.map((reason) => REFUSALS[reason]).join(' '))
  }
}

const TARGET_REFUSALS = {
  one_needed: 'Say which files: either --import=ID or --creditor=REF',
  import_unknown: 'There is no such import',
  import_not_committed: 'This import is not committed: its files do not exist',
  creditor_unknown: 'There is no such creditor',
}

const REFUSALS: Record<LaunchRefusal, string> = {
  agency_missing: 'The agency is not configured: run agency:configure first.',
  insurance_missing: 'The agency has no professional liability insurance (CPCE R124-2).',
  insurance_expired:
    'The agency’s professional liability insurance is not in force on that day (CPCE R124-2).',
  dedicated_account_missing: 'The agency has no account dedicated to its creditors’ funds (CPCE R124-2).',
  declaration_missing: 'The agency’s declaration to the public prosecutor is missing (CPCE R124-2).',
  mandate_missing: 'The creditor has no mandate in force with the four statements of CPCE R124-3.',
  creditor_iban_missing: 'The creditor’s bank details come first: it has no IBAN.',
  scenario_unknown: 'There is no such scenario.',
  nothing_to_launch: 'No file can be launched; --dry-run says why for each.',
}

/** The contract's shape. A dry run has no campaign yet. */
const shape = (preview: LaunchPreview, launched: Campaign[] = []) => ({
  campaigns: preview.campaigns.map(({ kind, claims, calendar }) => {
    const campaign = launched.find((one) => one.kind === kind)
    return {
      id: campaign?.id ?? null,
      ref: campaign?.ref ?? null,
      kind,
      claims,
      calendar: calendar.map(({ day, on, channel, count }) => ({ day, on, channel, count })),
    }
  }),
  excluded: preview.excluded.map(({ claim, reason }) => ({ claim, reason })),
})

const told = (preview: LaunchPreview) => [
  ...preview.campaigns.flatMap(({ kind, claims, calendar }) => [
    `${kind}: ${claims} file(s)`,
    ...calendar.map(({ day, on, channel, count }) => `  day ${day}, ${on}: ${count} ${channel}`),
  ]),
  ...preview.excluded.map(({ claim, reason }) => `${claim} left out: ${reason}`),
]
