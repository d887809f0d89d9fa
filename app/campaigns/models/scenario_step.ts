import { ScenarioStepSchema } from '#database/schema'

export type StepChannel = 'letter' | 'lrar' | 'email' | 'hand_over'

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
}
