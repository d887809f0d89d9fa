import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ScenarioStepSchema } from '#database/schema'
import { transaction } from '#shared/transaction'
import Scenario from '#campaigns/models/scenario'
import { stepTemplates } from '#campaigns/queries/step_templates'

export type StepChannel = 'letter' | 'lrar' | 'ere' | 'lre' | 'email' | 'hand_over'

/**
 * D7. manual: a person does it and says so · confirm: it leaves once a person has
 * agreed · automatic: it leaves on its day.
 */
export type StepMode = 'manual' | 'confirm' | 'automatic'

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
    await transaction((trx) => trx.from('scenario_steps').where('id', this.id).update({ template: slug }))
    return true
  }
}
