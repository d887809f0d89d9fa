import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { EreSchema } from '#database/schema'
import Letter from '#letters/models/letter'
import type { EreState } from '#registered_mail/ere/states'

/** One letter sent electronically with an acknowledgement; what happened to it is in its chain of evidence. */
export default class Ere extends EreSchema {
  static override table = 'eres'
  declare state: EreState

  @belongsTo(() => Letter)
  declare letter: BelongsTo<typeof Letter>
}
