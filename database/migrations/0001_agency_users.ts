import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    if (dialect === 'postgres') {
      /** `fold` of #shared/fold; SQLite gets it with each connection. */
      this.schema.raw(
        `create function fold(value text) returns text immutable language sql as $$
           select lower(replace(replace(replace(replace(
             regexp_replace(normalize(value, NFD), '[\\u0300-\\u036F]', '', 'g'),
             'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae')) $$`
      )
    }

    /** Every stored file, named by its content; the bytes are in STORAGE_DIR. */
    this.schema.createTable('stored_files', (table) => {
      const c = columns(table, dialect)
      c.sha256('sha256').primary()
      table.bigInteger('bytes').notNullable()
      table.string('media_type').notNullable()
      c.instant('created_at').notNullable()
    })

    /** One row: the agency that runs this installation. */
    this.schema.createTable('agencies', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('name').notNullable()
      table.string('legal_form').nullable()
      table.string('siren', 9).nullable()
      table.text('address_lines').notNullable().comment('JSON list of lines')
      table.string('email').nullable()
      table.string('phone').nullable()
      table.string('website').nullable()
      table.string('signatory_name').nullable()
      table.string('signatory_title').nullable()
      table.string('insurer').nullable()
      table.string('insurance_policy').nullable()
      c.civilDate('insurance_valid_from_on').nullable()
      c.civilDate('insurance_valid_until_on').nullable()
      table.string('dedicated_iban', 34).nullable()
      table.string('dedicated_bic', 11).nullable()
      c.civilDate('declaration_on').nullable()
      /** The certificate of insurance and the declaration themselves. */
      table.string('insurance_file_sha256', 64).nullable().references('sha256').inTable('stored_files')
      table.string('declaration_file_sha256', 64).nullable().references('sha256').inTable('stored_files')
      table.boolean('email_required').notNullable().defaultTo(false)
      table.boolean('mobile_required').notNullable().defaultTo(false)
      table.boolean('description_required').notNullable().defaultTo(false)
      table.integer('default_payment_term_days').notNullable().defaultTo(30)
      table.integer('contacts_per_week').notNullable().defaultTo(3)
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      table.check('default_payment_term_days between 0 and 365')
      table.check('contacts_per_week between 1 and 7')
    })

    this.schema.createTable('users', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('email').notNullable().unique()
      table.string('full_name').notNullable()
      table.string('password').nullable()
      c.oneOf('role', ['admin', 'collector', 'accountant', 'creditor']).notNullable()
      table.bigInteger('creditor_id').nullable()
      table.string('locale', 2).notNullable().defaultTo('fr')
      c.instant('disabled_at').nullable()
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      table.check(`(role = 'creditor') = (creditor_id is not null)`)
    })

    this.schema.createTable('invitations', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('user_id', 'users').notNullable()
      c.sha256('token_sha256').notNullable().unique()
      c.instant('expires_at').notNullable()
      c.instant('used_at').nullable()
      c.instant('created_at').notNullable()
    })

    /** Gapless counters for receipts, claims and letters. */
    this.schema.createTable('number_sequences', (table) => {
      table.string('name').notNullable()
      table.integer('year').notNullable()
      table.bigInteger('last').notNullable().defaultTo(0)
      table.primary(['name', 'year'])
    })

    this.schema.createTable('rate_limits', (table) => {
      table.string('key', 255).notNullable().primary()
      table.integer('points', 9).notNullable().defaultTo(0)
      table.bigInteger('expire').unsigned()
    })
  }

  override async down() {
    for (const name of [
      'rate_limits',
      'number_sequences',
      'invitations',
      'users',
      'agencies',
      'stored_files',
    ]) {
      this.schema.dropTable(name)
    }
    if (this.db.connectionName === 'postgres') this.schema.raw('drop function fold(text)')
  }
}
