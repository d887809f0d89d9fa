import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'
import { widenOneOf } from '#database/widen_check'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** A qualified electronic letter; what its provider proves besides; a proof as an event of the chain. */
    this.defer(async (client) => {
      for (const table of ['letters', 'mailings']) await widenOneOf(client, table, 'kind', ['lre'])
      for (const table of ['scenario_steps', 'actions', 'contacts']) {
        await widenOneOf(client, table, 'channel', ['lre'])
      }
      await widenOneOf(client, 'mailing_facts', 'proof', ['dispatch', 'bounce'])
      await widenOneOf(client, 'mailing_proofs', 'kind', ['dispatch', 'bounce'])
      await widenOneOf(client, 'evidence_events', 'type', ['carrier.took', 'carrier.told', 'proof.received'])
    })
    this.schema.raw('alter table agencies add column ere_route varchar(32)')
    this.schema.raw('alter table agencies add column lre_route varchar(32)')
    /** The last time it told us; `asked_at` is when we last tried. */
    this.schema.raw('alter table mailings add column answered_at varchar(24)')
    /** Who keeps a proof that no provider gave: the person who scanned it. */
    this.schema.raw('alter table mailing_proofs add column user_id bigint references users (id)')

    /** To whom a letter leaves electronically when a provider carries it; what carries ours is in `eres`. */
    this.schema.createTable('letter_addressees', (table) => {
      const c = columns(table, dialect)
      c.reference('letter_id', 'letters').notNullable().primary()
      /** What makes two clicks one sending. */
      table.string('request_key', 64).nullable().unique()
      table.string('email', 255).notNullable()
      table.string('contact_source', 200).notNullable()
      /** A consumer's, rule 46. */
      c.reference('consent_id', 'ere_consents').nullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
    })
  }

  /** The words that letters, steps, proofs and events may hold stay: what was written under them does. */
  override async down() {
    this.schema.dropTable('letter_addressees')
    this.schema.raw('alter table mailing_proofs drop column user_id')
    this.schema.raw('alter table mailings drop column answered_at')
    this.schema.raw('alter table agencies drop column lre_route')
    this.schema.raw('alter table agencies drop column ere_route')
  }
}
