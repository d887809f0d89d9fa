import { hasMany } from '@adonisjs/lucid/orm'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import type { HasMany } from '@adonisjs/lucid/types/relations'
import { CreditorSchema } from '#database/schema'
import type { CivilDate } from '#shared/clock'
import Mandate from '#creditors/models/mandate'

export default class Creditor extends CreditorSchema {
  static override table = 'creditors'
  declare collectionOption: 'judicial' | 'termination'

  @hasMany(() => Mandate)
  declare mandates: HasMany<typeof Mandate>

  /** The mandate in force on a day, newest first; null when there is none (rule 2: then nothing may be sent). */
  mandateOn(on: CivilDate, client?: QueryClientContract) {
    return Mandate.query(client ? { client } : {})
      .where('creditorId', this.id)
      .where('signedOn', '<=', on)
      .where((open) => open.whereNull('endsOn').orWhere('endsOn', '>=', on))
      .orderBy('signedOn', 'desc')
      .orderBy('id', 'desc')
      .first()
  }
}
