import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    this.schema.createTable('import_mappings', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('creditor_id', 'creditors').notNullable()
      table.string('name').notNullable()
      table.text('fields').notNullable().comment('JSON: field -> header as normalised')
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      table.unique(['creditor_id', 'name'])
    })

    this.schema.createTable('imports', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 32).notNullable().unique()
      c.reference('creditor_id', 'creditors').notNullable().index()
      c.reference('user_id', 'users').nullable()
      table.string('filename').notNullable()
      table.string('file_sha256', 64).notNullable().references('sha256').inTable('stored_files')
      /** uploaded → staged (columns known, rows checked) → committed → undone; refused: unreadable. */
      c.oneOf('state', ['uploaded', 'staged', 'committed', 'undone', 'refused']).notNullable()
      /** Where the table is in the file, as the reader found it or a person said. */
      table.string('format', 8).nullable()
      table.string('sheet').nullable()
      table.integer('header_row').nullable()
      table.boolean('date_1904').notNullable().defaultTo(false)
      table.text('headers').nullable().comment('JSON list')
      table.text('mapping').nullable().comment('JSON: field -> column index')
      /** Rows staged so far; `reading_since_at` is set while a process reads the file. */
      table.integer('rows_read').notNullable().defaultTo(0)
      c.instant('reading_since_at').nullable()
      table.text('summary').nullable().comment('JSON: the contract shape, of what was committed')
      table.string('refusal', 32).nullable()
      c.civilDate('verify_by_on').notNullable()
      c.instant('created_at').notNullable()
      c.instant('committed_at').nullable()
      c.instant('undone_at').nullable()
    })

    this.schema.createTable('import_rows', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('import_id', 'imports').notNullable()
      table.integer('row').notNullable()
      table.text('cells').notNullable().comment('JSON list, as read')
      c.oneOf('outcome', ['ready', 'rejected', 'set_aside']).notNullable()
      /** What a person chose against the rules: leave it out, or take it although it looks like a duplicate. */
      c.oneOf('decision', ['leave', 'take']).nullable()
      /** Set when a person retyped the row: reading the file again keeps it. */
      c.instant('corrected_at').nullable()
      table.text('problems').notNullable().defaultTo('[]').comment('JSON: Problem[] of problems.ts')
      table.text('changes').notNullable().defaultTo('[]').comment('JSON: Change[] of problems.ts')
      /** The row whose file this one joins (R15); itself when it opens the file. */
      table.integer('file_row').nullable()
      /** Rows of one debtor share it; `name_key` lets a row without a SIREN join (checking/keys.ts). */
      table.text('merge_key').nullable()
      table.text('name_key').nullable()
      /** Where one of its invoices already is: `row:12` of this table, or `claim:D-2026-00042`. */
      table.string('duplicate_of', 48).nullable()
      c.oneOf('kind', ['b2b', 'b2c']).nullable()
      table.string('civility', 16).nullable()
      table.string('full_name').nullable()
      table.string('company_name').nullable()
      table.string('siren', 14).nullable()
      table.string('person_key').nullable()
      table.string('street').nullable()
      table.string('complement').nullable()
      table.string('postcode', 10).nullable()
      table.string('city').nullable()
      table.string('email').nullable()
      table.string('mobile').nullable()
      table.string('invoice_number').nullable()
      table.integer('invoice_count').nullable()
      c.civilDate('issued_on').nullable()
      c.civilDate('due_on').nullable()
      table.text('description').nullable()
      c.cents('amount_cents', 'any').nullable()
      c.cents('down_payment_cents', 'any').nullable()
      table.unique(['import_id', 'row'])
      table.index(['import_id', 'file_row'])
      table.check(`outcome <> 'ready' or (kind is not null and merge_key is not null)`)
    })
  }

  override async down() {
    for (const name of ['import_rows', 'imports', 'import_mappings']) this.schema.dropTable(name)
  }
}
