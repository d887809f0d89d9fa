import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ActionSchema } from '#database/schema'
import Claim from '#claims/models/claim'
import Campaign from '#campaigns/models/campaign'
import ScenarioStep, { type StepChannel, type StepMode } from '#campaigns/models/scenario_step'
import type { Reason } from '#campaigns/reasons'

/**
 * planned: its day has not come, or an earlier step is not over · to_confirm: waits for
 * a person · ready: confirmed, leaves at the next tick · done · skipped: will never go ·
 * deferred: looked at again at `dueAt` · failed: it could not leave and a person decides.
 */
export type ActionState = 'planned' | 'to_confirm' | 'ready' | 'done' | 'skipped' | 'deferred' | 'failed'

/** Neither done, skipped nor failed; a file in a campaign has at least one. */
export const OPEN_STATES = ['planned', 'to_confirm', 'ready', 'deferred'] as const

/** One step of one file. */
export default class Action extends ActionSchema {
  static override table = 'actions'
  declare channel: StepChannel
  declare mode: StepMode
  declare state: ActionState
  declare reason: Reason | null

  @belongsTo(() => Campaign)
  declare campaign: BelongsTo<typeof Campaign>

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>

  @belongsTo(() => ScenarioStep, { foreignKey: 'stepId' })
  declare step: BelongsTo<typeof ScenarioStep>
}
