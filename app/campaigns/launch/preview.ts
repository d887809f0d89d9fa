import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { CivilDate } from '#shared/clock'
import Agency, { type LegalRequirement } from '#agency/models/agency'
import Creditor from '#creditors/models/creditor'
import { stepDates } from '#campaigns/calendar'
import { postageCents } from '#campaigns/costs'
import {
  excludedFiles,
  lots,
  sortFiles,
  type Excluded,
  type LaunchTarget,
  type Lot,
} from '#campaigns/launch/eligibility'
import Scenario from '#campaigns/models/scenario'
import type ScenarioStep from '#campaigns/models/scenario_step'
import type { StepChannel, StepMode } from '#campaigns/models/scenario_step'

export type LaunchRefusal =
  | LegalRequirement
  | 'agency_missing'
  | 'mandate_missing'
  | 'creditor_iban_missing'
  | 'scenario_unknown'
  | 'nothing_to_launch'

export type PlannedStep = {
  stepId: number
  position: number
  day: number
  on: CivilDate
  channel: StepChannel
  mode: StepMode
  template: string
  /** How many files the step concerns at most: fewer at each payment. */
  count: number
  /** The first letter also goes by email, as an attachment, to those who have an address. */
  copies: number
}

export type PlannedCampaign = Lot & { scenario: Scenario; calendar: PlannedStep[]; postageCents: number }

export type LaunchPreview = {
  creditor: Creditor
  on: CivilDate
  campaigns: PlannedCampaign[]
  excluded: Excluded[]
  refusals: LaunchRefusal[]
  /** Contacts per person over seven days. */
  cap: number
}

export type LaunchPlan = { creditorId: number; target: LaunchTarget; scenario: string; on: CivilDate }

/**
 * What a launch would do: the lots, each one's calendar on days of contact, the files left
 * out with their reason, and what forbids launching at all. The sorted files stay in
 * `launch_claims` until the transaction ends.
 */
export async function previewLaunch(
  trx: TransactionClientContract,
  { creditorId, target, scenario: slug, on }: LaunchPlan
): Promise<LaunchPreview> {
  const creditor = await Creditor.findOrFail(creditorId, { client: trx })
  // Held, so that no change of its steps comes between reading them and the campaign.
  const scenarios = await Scenario.versions(slug, trx).forShare()
  await sortFiles(trx, target, on)
  const ready = await lots(trx)
  const campaigns = ready.flatMap((lot) => {
    const scenario = scenarios.find(({ kind }) => kind === lot.kind)
    return scenario ? [planned(lot, scenario, on)] : []
  })
  const agency = await Agency.query({ client: trx }).orderBy('id').first()
  return {
    creditor,
    on,
    cap: agency?.contactsPerWeek ?? 0,
    campaigns,
    excluded: await excludedFiles(trx),
    refusals: [
      ...(await legalRefusals(trx, agency, creditor, on)),
      ...(scenarios.length === 0 ? (['scenario_unknown'] as const) : []),
      ...(ready.length === 0 ? (['nothing_to_launch'] as const) : []),
    ],
  }
}

/** Rules 1 and 2, and R21: none of them can be waited for once letters have gone. */
async function legalRefusals(
  trx: TransactionClientContract,
  agency: Agency | null,
  creditor: Creditor,
  on: CivilDate
): Promise<LaunchRefusal[]> {
  const mandate = await creditor.mandateOn(on, trx)
  return [
    ...(agency ? agency.legalGaps(on) : (['agency_missing'] as const)),
    ...(mandate?.basis.trim() && mandate.guarantee.trim() ? [] : (['mandate_missing'] as const)),
    ...(creditor.iban ? [] : (['creditor_iban_missing'] as const)),
  ]
}

function planned(lot: Lot, scenario: Scenario, on: CivilDate): PlannedCampaign {
  const dates = stepDates(
    scenario.steps.map(({ day }) => day),
    on
  )
  const calendar = scenario.steps.map((step, index) => ({
    stepId: step.id,
    position: step.position,
    day: step.day,
    on: dates[index]!,
    channel: step.channel,
    mode: step.mode,
    template: step.template,
    count: isByEmail(step) ? lot.withEmail : lot.claims,
    copies: isPaper(step) ? lot.withEmail : 0,
  }))
  const postage = calendar.map(({ channel, count }) => postageCents(channel) * count)
  return { ...lot, scenario, calendar, postageCents: postage.reduce((total, cents) => total + cents, 0) }
}

const isByEmail = ({ channel }: ScenarioStep) => ['email', 'ere', 'lre'].includes(channel)
const isPaper = ({ channel }: ScenarioStep) => channel === 'letter' || channel === 'lrar'
