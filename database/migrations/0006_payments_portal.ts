import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** Stored before the gateway is called; `unknown` when its answer was lost. */
    this.schema.createTable('payment_attempts', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('key', 64).notNullable().unique()
      c.reference('claim_id', 'claims').notNullable().index()
      c.cents('amount_cents', '> 0').notNullable()
      c.oneOf('state', ['created', 'open', 'unknown', 'processing', 'succeeded', 'failed', 'expired'])
        .notNullable()
        .defaultTo('created')
      table.string('stripe_session_id').nullable().unique()
      table.string('stripe_payment_intent_id').nullable().unique()
      table.text('checkout_url').nullable()
      table.string('failure').nullable()
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
    })

    this.schema.createTable('payments', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 32).notNullable().unique()
      /** Where it came from, once: `stripe:pi_…`, `cheque:…`. */
      table.string('source', 120).notNullable().unique()
      c.reference('claim_id', 'claims').notNullable().index()
      c.reference('attempt_id', 'payment_attempts').nullable()
      c.oneOf('method', ['card', 'sepa_debit', 'paypal', 'transfer', 'cheque', 'cash']).notNullable()
      c.cents('amount_cents', '> 0').notNullable()
      c.cents('interest_cents').notNullable()
      c.cents('principal_cents').notNullable()
      c.cents('indemnity_cents').notNullable()
      c.cents('suspense_cents').notNullable()
      c.civilDate('received_on').notNullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      table.check('interest_cents + principal_cents + indemnity_cents + suspense_cents = amount_cents')
    })

    /** R124-6: a quittance for every payment, numbered without gaps. */
    this.schema.createTable('receipts', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('number', 32).notNullable().unique()
      c.reference('payment_id', 'payments').notNullable().unique()
      c.cents('remaining_cents').notNullable()
      table.string('file_sha256', 64).nullable().references('sha256').inTable('stored_files')
      c.civilDate('issued_on').notNullable()
      c.instant('created_at').notNullable()
    })

    /** The inbox: an event is recorded, then worked. */
    this.schema.createTable('stripe_events', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('event_id').notNullable().unique()
      table.string('type').notNullable()
      table.text('payload').notNullable()
      table.integer('attempts').notNullable().defaultTo(0)
      table.string('failure').nullable()
      c.instant('received_at').notNullable()
      c.instant('worked_at').nullable()
    })

    /** A debtor's link: 32 random bytes, of which only the SHA-256 is kept. */
    this.schema.createTable('portal_links', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      c.sha256('token_sha256').notNullable().unique()
      table.string('origin', 32).notNullable()
      c.instant('expires_at').notNullable()
      c.instant('revoked_at').nullable()
      c.instant('created_at').notNullable()
    })
  }

  override async down() {
    for (const name of ['portal_links', 'stripe_events', 'receipts', 'payments', 'payment_attempts']) {
      this.schema.dropTable(name)
    }
  }
}
