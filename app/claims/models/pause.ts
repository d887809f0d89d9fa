import { PauseSchema } from '#database/schema'

/** While a judge's decision runs (C. civ. 1343-5); no person lifts it. */
export const GRACE_PAUSE = 'grace_period'

/** Reasons that are ours, until a person decides; a person writes theirs in words. */
export const SYSTEM_PAUSES = ['dispute_upheld', 'payment_taken_back'] as const

/** While a pause is not lifted nothing leaves on its file (U3). */
export default class Pause extends PauseSchema {
  static override table = 'pauses'
}
