import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** Rule 32: what went back of a payment, by a refund or by the debtor's bank. */
    this.schema.createTable('payment_returns', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('payment_id', 'payments').notNullable().index()
      c.oneOf('how', ['refund', 'chargeback']).notNullable()
      /** What took it back: `stripe:dp_…`, or all refunds of one charge. */
      table.string('source', 120).notNullable()
      c.cents('amount_cents', '> 0').notNullable()
      c.cents('interest_cents').notNullable()
      c.cents('principal_cents').notNullable()
      c.cents('indemnity_cents').notNullable()
      c.cents('suspense_cents').notNullable()
      c.civilDate('returned_on').notNullable()
      /** The receipt that replaces the former one. */
      c.reference('receipt_id', 'receipts').notNullable().unique()
      c.instant('created_at').notNullable()
      table.check('interest_cents + principal_cents + indemnity_cents + suspense_cents = amount_cents')
    })

    /** A payment has one receipt at first, then one more for each return; each replaces the one before. */
    this.schema.alterTable('receipts', (table) => table.dropUnique(['payment_id']))
    this.schema.raw('alter table receipts add column replaces_id bigint references receipts (id)')
    this.schema.raw('create unique index receipts_first on receipts (payment_id) where replaces_id is null')
    this.schema.raw('create unique index receipts_replaced on receipts (replaces_id)')

    /** A part of a posting may be reversed, then another: their keys keep each of them once. */
    this.schema.alterTable('postings', (table) => {
      table.dropUnique(['reverses_id'])
      table.index(['reverses_id'])
    })

    /** Rule 33: who handed a receipt to a debtor whom no email reached. */
    this.schema.createTable('receipt_dispatches', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('receipt_id', 'receipts').notNullable().unique()
      c.reference('user_id', 'users').notNullable()
      c.instant('created_at').notNullable()
    })

    if (dialect !== 'postgres') return
    for (const table of ['postings', 'claim_events']) {
      this.schema.raw(
        `create trigger ${table}_not_truncated before truncate on ${table} execute function ${table}_append_only()`
      )
    }
  }

  override async down() {
    if (this.db.connectionName === 'postgres') {
      for (const table of ['postings', 'claim_events']) {
        this.schema.raw(`drop trigger ${table}_not_truncated on ${table}`)
      }
    }
    this.schema.dropTable('receipt_dispatches')
    this.schema.alterTable('postings', (table) => {
      table.dropIndex(['reverses_id'])
      table.unique(['reverses_id'])
    })
    this.schema.dropTable('payment_returns')
    this.schema.raw('drop index receipts_replaced')
    this.schema.raw('drop index receipts_first')
    this.schema.raw('alter table receipts drop column replaces_id')
    this.schema.alterTable('receipts', (table) => table.unique(['payment_id']))
  }
}
