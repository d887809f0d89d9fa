import { PauseSchema } from '#database/schema'

/** Reasons that are ours; a person writes theirs in words. */
export const SYSTEM_PAUSES = ['dispute_upheld', 'payment_taken_back'] as const

/** While a pause is not lifted nothing leaves on its file (U3). */
export default class Pause extends PauseSchema {
  static override table = 'pauses'
}
