import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'
import { widenOneOf } from '#database/widen_check'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** The code that a letter on paper bears, as HMAC: who types it had that letter in hand. */
    this.schema.createTable('letter_codes', (table) => {
      const c = columns(table, dialect)
      c.reference('letter_id', 'letters').notNullable().primary()
      c.sha256('code_hmac').notNullable()
      table.integer('attempts').notNullable().defaultTo(0)
      c.instant('used_at').nullable()
      c.instant('created_at').notNullable()
    })

    /** A code may go to a telephone too: the one known before the sending. */
    this.schema.raw('alter table eres add column mobile varchar(20)')
    this.schema.raw('alter table eres add column mobile_source varchar(200)')
    this.schema.raw(`alter table ere_codes add column channel varchar(32) not null default 'email'
      check (channel = 'email' or channel = 'sms')`)

    this.defer((client) => widenOneOf(client, 'evidence_events', 'type', ['notification.reminded']))
  }

  /** The words that events may hold stay: what was written under them does. */
  override async down() {
    this.schema.raw('alter table ere_codes drop column channel')
    this.schema.raw('alter table eres drop column mobile_source')
    this.schema.raw('alter table eres drop column mobile')
    this.schema.dropTable('letter_codes')
  }
}
