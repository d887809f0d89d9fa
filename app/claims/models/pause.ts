import { PauseSchema } from '#database/schema'

/** While a pause is not lifted nothing leaves on its file (U3). */
export default class Pause extends PauseSchema {
  static override table = 'pauses'
}
