import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** What a bank's file says of one account: its balances before and after some lines; either may be missing. */
    this.schema.createTable('bank_periods', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('statement_id', 'bank_statements').notNullable()
      /** Which of the file's, from 1. */
      table.integer('position').notNullable()
      table.string('account', 34).notNullable()
      c.civilDate('opening_on').nullable()
      c.cents('opening_cents', 'any').nullable()
      c.civilDate('closing_on').nullable()
      c.cents('closing_cents', 'any').nullable()
      table.unique(['statement_id', 'position'])
      table.index(['account', 'closing_on'])
      table.check('(opening_on is null) = (opening_cents is null)')
      table.check('(closing_on is null) = (closing_cents is null)')
      table.check('opening_on is not null or closing_on is not null')
    })

    /** A transfer to a creditor that the bank refused or sent back: its remittance is due again, once for each order. */
    this.schema.createTable('transfer_refusals', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('remittance_id', 'remittances').notNullable()
      /** Which try of that remittance's it was, from 1. */
      table.integer('attempt').notNullable()
      /** Null when it was made by hand. */
      c.reference('order_id', 'transfer_orders').nullable().index()
      table.string('reason', 200).notNullable()
      /** It had been marked as paid: the ledger says that it came back. */
      table.boolean('was_paid').notNullable()
      c.civilDate('refused_on').notNullable()
      /** Null when the bank's own status file says so. */
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      table.unique(['remittance_id', 'attempt'])
    })

    /** A line of the dedicated account that is a remittance leaving it, or coming back. */
    this.schema.createTable('remittance_movements', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('line_id', 'bank_lines').notNullable()
      c.reference('remittance_id', 'remittances').notNullable()
      c.oneOf('kind', ['paid', 'returned']).notNullable()
      table.integer('attempt').notNullable()
      /** As on the line: negative for what left. */
      c.cents('amount_cents', 'any').notNullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      table.unique(['remittance_id', 'kind', 'attempt'])
      table.unique(['line_id', 'remittance_id'])
      table.check(`amount_cents <> 0 and (kind = 'paid') = (amount_cents < 0)`)
    })
  }

  override async down() {
    for (const name of ['remittance_movements', 'transfer_refusals', 'bank_periods']) {
      this.schema.dropTable(name)
    }
  }
}
