import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    this.schema.createTable('creditors', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 32).notNullable().unique()
      table.string('name').notNullable()
      table.string('legal_form').nullable()
      table.string('siren', 9).nullable()
      table.text('address_lines').notNullable().comment('JSON list of lines')
      table.string('email').nullable()
      table.string('iban', 34).nullable()
      table.string('bic', 11).nullable()
      table.boolean('professional').notNullable().defaultTo(true)
      c.oneOf('collection_option', ['judicial', 'termination']).notNullable().defaultTo('judicial')
      /** Decides the limitation period of its commercial claims; unknown takes the shortest (rule 40). */
      c.oneOf('sector', ['general', 'goods_transport']).nullable()
      c.cents('min_instalment_cents').notNullable().defaultTo(5000)
      table.integer('max_months').notNullable().defaultTo(10)
      table.integer('settlement_discount_bps').notNullable().defaultTo(0)
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
    })

    /** R124-3: the written agreement; a change is a new row. */
    this.schema.createTable('mandates', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('creditor_id', 'creditors').notNullable().index()
      c.civilDate('signed_on').notNullable()
      table.string('basis').notNullable()
      table.integer('fee_bps').notNullable()
      table.integer('remittance_days').notNullable()
      table.string('guarantee').notNullable()
      table.boolean('netting').notNullable().defaultTo(false)
      table.string('file_sha256', 64).nullable().references('sha256').inTable('stored_files')
      c.civilDate('ends_on').nullable()
      c.instant('created_at').notNullable()
      table.check('fee_bps between 0 and 10000')
      table.check('remittance_days between 0 and 31')
    })

    /** R18: who accepted which version of the operating conditions, and when. */
    this.schema.createTable('terms_acceptances', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('creditor_id', 'creditors').notNullable().index()
      c.reference('user_id', 'users').nullable()
      table.bigInteger('import_id').nullable()
      table.string('version', 16).notNullable()
      c.sha256('text_sha256').notNullable()
      table.string('ip').nullable()
      c.instant('accepted_at').notNullable()
    })

    this.schema.createTable('debtors', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 32).notNullable().unique()
      c.reference('creditor_id', 'creditors').notNullable().index()
      c.oneOf('kind', ['b2b', 'b2c']).notNullable()
      table.string('civility', 16).nullable()
      table.string('full_name').nullable()
      table.string('company_name').nullable()
      table.string('siren', 14).nullable()
      /** The same person across creditors, for the contact cap (SIREN, else email, else name and postcode). */
      table.string('person_key').notNullable().index()
      table.string('locale', 2).notNullable().defaultTo('fr')
      table.bigInteger('import_row_id').nullable().unique()
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      table.check('full_name is not null or company_name is not null')
      table.check(`kind = 'b2c' or company_name is not null`)
    })

    this.schema.createTable('addresses', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('debtor_id', 'debtors').notNullable().index()
      table.string('street').notNullable()
      table.string('complement').nullable()
      table.string('postcode', 10).notNullable()
      table.string('city').notNullable()
      table.string('country', 2).notNullable().defaultTo('FR')
      c.instant('undeliverable_at').nullable()
      c.instant('replaced_at').nullable()
      c.instant('created_at').notNullable()
    })

    this.schema.createTable('contact_points', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('debtor_id', 'debtors').notNullable().index()
      c.oneOf('kind', ['email', 'mobile', 'phone']).notNullable()
      table.string('value').notNullable()
      table.string('label').nullable()
      /** P1: "contact pour le recouvrement". */
      table.boolean('collection_contact').notNullable().defaultTo(true)
      c.instant('bounced_at').nullable()
      c.instant('created_at').notNullable()
      table.unique(['debtor_id', 'kind', 'value'])
    })
  }

  override async down() {
    for (const name of [
      'contact_points',
      'addresses',
      'debtors',
      'terms_acceptances',
      'mandates',
      'creditors',
    ]) {
      this.schema.dropTable(name)
    }
  }
}
