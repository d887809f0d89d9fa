import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

/** The orders in which a payment may settle interest, principal and indemnity; those that put the principal before the interest need a clause. */
const ORDERS = [
  'interest_principal_indemnity',
  'interest_indemnity_principal',
  'indemnity_interest_principal',
]
const ORDERS_OF_A_CLAUSE = [
  'principal_interest_indemnity',
  'principal_indemnity_interest',
  'indemnity_principal_interest',
]

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** What a creditor's contracts say of late payment; a change is a new row, in force from its day. */
    this.schema.createTable('contract_terms', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('creditor_id', 'creditors').notNullable().index()
      c.civilDate('effective_on').notNullable()
      c.oneOf('day_count', ['ACT_365', 'ACT_ACT']).notNullable()
      /** Between professionals only (rule 21); without it the statutory rate applies. */
      table.integer('rate_bps').nullable()
      c.oneOf('allocation_order', [...ORDERS, ...ORDERS_OF_A_CLAUSE]).notNullable()
      /** The clause itself, or where it is written. */
      table.text('clause').nullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      table.check('rate_bps between 1 and 10000')
      table.check(
        `clause is not null or (rate_bps is null and (${ORDERS.map((order) => `allocation_order = '${order}'`).join(' or ')}))`
      )
    })

    /** Rule 27: what the creditor took off its invoices. Never a payment. */
    this.schema.createTable('credit_notes', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      /** Without one it goes to the oldest invoices first. */
      c.reference('invoice_id', 'invoices').nullable()
      /** The creditor's own number of its document. */
      table.string('number', 64).notNullable()
      c.civilDate('issued_on').notNullable()
      c.cents('amount_cents', '> 0').notNullable()
      c.reference('user_id', 'users').notNullable()
      c.instant('created_at').notNullable()
      c.instant('cancelled_at').nullable()
      c.reference('cancelled_by_id', 'users').nullable()
      table.check('(cancelled_at is null) = (cancelled_by_id is null)')
    })
    this.schema.raw(
      'create unique index credit_notes_number on credit_notes (claim_id, number) where cancelled_at is null'
    )
    this.schema.raw('alter table postings add column credit_note_id bigint references credit_notes (id)')
    this.schema.alterTable('postings', (table) => table.index(['credit_note_id']))

    /** Rule 38: what restarts a limitation period besides a payment, with the document that proves it. */
    this.schema.createTable('limitation_interruptions', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      c.oneOf('kind', ['acknowledgement', 'court_claim', 'enforcement']).notNullable()
      c.civilDate('occurred_on').notNullable()
      c.reference('document_id', 'documents').notNullable()
      c.reference('user_id', 'users').notNullable()
      c.instant('created_at').notNullable()
      c.instant('cancelled_at').nullable()
      c.reference('cancelled_by_id', 'users').nullable()
      table.check('(cancelled_at is null) = (cancelled_by_id is null)')
    })

    /** C. civ. 1343-5: time that a judge gave the debtor. */
    this.schema.createTable('grace_periods', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      c.civilDate('starts_on').notNullable()
      c.civilDate('ends_on').notNullable()
      c.reference('document_id', 'documents').notNullable()
      c.reference('user_id', 'users').notNullable()
      c.instant('created_at').notNullable()
      c.instant('cancelled_at').nullable()
      c.reference('cancelled_by_id', 'users').nullable()
      table.check('ends_on >= starts_on')
      table.check('(cancelled_at is null) = (cancelled_by_id is null)')
    })
  }

  override async down() {
    this.schema.dropTable('grace_periods')
    this.schema.dropTable('limitation_interruptions')
    this.schema.alterTable('postings', (table) => table.dropIndex(['credit_note_id']))
    this.schema.raw('alter table postings drop column credit_note_id')
    this.schema.dropTable('credit_notes')
    this.schema.dropTable('contract_terms')
  }
}
