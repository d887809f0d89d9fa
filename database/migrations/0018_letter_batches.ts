import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /**
     * D11: letters chosen together to be printed. working: some are still to be written · ready: each is
     * in it or left out with its reason, and the figures are what they were at that instant.
     */
    this.schema.createTable('letter_batches', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 32).notNullable().unique()
      c.oneOf('state', ['working', 'ready']).notNullable().defaultTo('working')
      table.boolean('duplex').notNullable()
      /** A first page for each, with nothing but the address. */
      table.boolean('address_sheets').notNullable()
      table.integer('chosen').notNullable()
      table.integer('letters').nullable()
      table.integer('left_out').nullable()
      table.integer('pages').nullable()
      /** Of paper, printed as the batch asks. */
      table.integer('sheets').nullable()
      /** An estimate: what the postage of letters of 20 g would cost. */
      c.cents('postage_cents').nullable()
      /** Of the letters, those that weigh more. */
      table.integer('heavy').nullable()
      /** Null when a command made it. */
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      c.instant('settled_at').nullable()
      table.check(`(state = 'ready') = (settled_at is not null)`)
      table.check(
        `state = 'working' or (letters + left_out = chosen and pages is not null and sheets is not null)`
      )
      table.check(`state = 'working' or (postage_cents is not null and heavy is not null)`)
    })
    this.schema.raw(`create index letter_batches_working on letter_batches (id) where state = 'working'`)

    /** What was chosen, in order, whatever becomes of the letters. */
    this.schema.createTable('letter_batch_members', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('batch_id', 'letter_batches').notNullable()
      c.reference('letter_id', 'letters').notNullable().index()
      table.integer('position').notNullable()
      table.string('address_sheet_sha256', 64).nullable().references('sha256').inTable('stored_files')
      /** As `letters.failure` words it; null for what is in the batch. */
      table.string('left_out_reason', 64).nullable()
      table.unique(['batch_id', 'position'])
      table.unique(['batch_id', 'letter_id'])
    })
  }

  override async down() {
    this.schema.dropTable('letter_batch_members')
    this.schema.dropTable('letter_batches')
  }
}
