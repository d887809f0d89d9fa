import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ScenarioStepSchema } from '#database/schema'
import { transaction } from '#shared/transaction'
import Scenario from '#campaigns/models/scenario'
import { stepTemplates } from '#campaigns/queries/step_templates'

export const STEP_CHANNELS = ['letter', 'lrar', 'ere', 'lre', 'email', 'hand_over'] as const
export type StepChannel = (typeof STEP_CHANNELS)[number]

/**
 * D7. manual: a person does it and says so · confirm: it leaves once a person has
 * agreed · automatic: it leaves on its day.
 */
export const STEP_MODES = ['manual', 'confirm', 'automatic'] as const
export type StepMode = (typeof STEP_MODES)[number]

/** One step; `day` counts from the launch, before it is moved to a day on which contact is allowed. */
export default class ScenarioStep extends ScenarioStepSchema {
  static override table = 'scenario_steps'
  declare channel: StepChannel
  declare mode: StepMode

  @belongsTo(() => Scenario)
  declare scenario: BelongsTo<typeof Scenario>

  /** False when no published template of that name fits its channel and its debtors. */
  async writeFrom(slug: string): Promise<boolean> {
    const scenario = await Scenario.findOrFail(this.scenarioId)
    const fit = (await stepTemplates(scenario.kind))[this.channel]
    if (!fit.some((template) => template.slug === slug)) return false
    return transaction(async (trx) => {
      // Steps that are being changed are written anew, with the templates they had.
      await trx.from('scenarios').where('id', scenario.id).forUpdate().select('id')
      const written: unknown = await trx
        .from('scenario_steps')
        .where('id', this.id)
        .update({ template: slug })
      return Number(written) > 0
    })
  }
}
