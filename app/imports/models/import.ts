import { belongsTo, hasMany } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import { ImportSchema } from '#database/schema'
import { addMinutes, clock } from '#shared/clock'
import { storedPath } from '#shared/files'
import Creditor from '#creditors/models/creditor'
import type User from '#users/models/user'
import type { Columns } from '#imports/checking/check_row'
import type { Mapping } from '#imports/fields'
import ImportRow from '#imports/models/import_row'
import type { RefusalCode } from '#imports/reader/limits'

/** A reading that lasts longer was cut short by the end of its process, and may be taken up again. */
const READING_MINUTES = 3

/** A creditor's table: received, read, checked row by row, then committed as claims, or undone. */
export default class Import extends ImportSchema {
  static override table = 'imports'
  declare state: 'uploaded' | 'staged' | 'committed' | 'undone' | 'refused'
  declare mapping: Mapping | null
  declare refusal: RefusalCode | null

  @belongsTo(() => Creditor)
  declare creditor: BelongsTo<typeof Creditor>

  @hasMany(() => ImportRow)
  declare rows: HasMany<typeof ImportRow>

  /** Other sheets of the file that hold a whole table; known only while it is received. */
  unreadSheets: readonly string[] = []

  /** The imports a user may see: a creditor only its own, staff all. Every page finds through here. */
  static visibleTo(user: User) {
    const query = this.query()
    return user.role === 'creditor' ? query.where('creditorId', user.creditorId!) : query
  }

  get path(): string {
    return storedPath(this.fileSha256)
  }

  get columns(): Columns {
    return { headers: this.headers ?? [], mapping: this.mapping ?? {}, date1904: this.date1904 }
  }

  /** True while a process reads the file. */
  get isBeingRead(): boolean {
    return this.readingSinceAt !== null && this.readingSinceAt > addMinutes(clock.now(), -READING_MINUTES)
  }

  /** Nothing may change any more in its rows. */
  get isSettled(): boolean {
    return this.state !== 'uploaded' && this.state !== 'staged'
  }
}
