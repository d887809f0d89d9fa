import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { LetterBatchSchema } from '#database/schema'
import User from '#users/models/user'

/** Letters chosen together to be printed; `letters` counts those that are in it once it is ready. */
export default class LetterBatch extends LetterBatchSchema {
  static override table = 'letter_batches'
  declare state: 'working' | 'ready'

  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>

  get isReady() {
    return this.state === 'ready'
  }

  /** How each of its letters is printed. */
  get options() {
    return { duplex: this.duplex, addressSheets: this.addressSheets }
  }
}
