import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /**
     * One wish to pay by card, stored before the gateway is called. created: the call is under
     * way since `updated_at` · unknown: its answer was lost · open: the debtor may pay at
     * `checkout_url` · processing: a debit is under way · the rest is the end.
     */
    this.schema.createTable('payment_attempts', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('key', 64).notNullable().unique()
      c.reference('claim_id', 'claims').notNullable().index()
      c.cents('amount_cents', '> 0').notNullable()
      c.oneOf('state', ['created', 'open', 'unknown', 'processing', 'succeeded', 'failed', 'expired'])
        .notNullable()
        .defaultTo('created')
      /** The invoices the debtor asked to pay first. */
      table.text('invoice_ids').notNullable().defaultTo('[]').comment('JSON list of ids')
      /** Exactly what the gateway is asked: asking again under the same key must not differ. */
      table.text('request').notNullable().comment('JSON')
      table.string('stripe_session_id').nullable().unique()
      table.string('stripe_payment_intent_id').nullable().unique()
      table.text('checkout_url').nullable()
      table.string('failure').nullable()
      c.instant('expires_at').notNullable()
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      table.check(`state <> 'open' or checkout_url is not null`)
    })

    /** A debtor can be at the till once for a claim: two pages open could charge twice. */
    this.schema.raw(
      `create unique index payment_attempts_live on payment_attempts (claim_id)
       where state in ('created', 'open', 'unknown')`
    )

    this.schema.createTable('payments', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 32).notNullable().unique()
      /** Where it came from, once: `stripe:pi_…`, `cheque:…`. */
      table.string('source', 120).notNullable().unique()
      c.reference('claim_id', 'claims').notNullable().index()
      c.reference('attempt_id', 'payment_attempts').nullable()
      c.oneOf('method', [
        'card',
        'sepa_debit',
        'paypal',
        'transfer',
        'cheque',
        'cash',
        'online',
      ]).notNullable()
      c.cents('amount_cents', '> 0').notNullable()
      c.cents('interest_cents').notNullable()
      c.cents('principal_cents').notNullable()
      c.cents('indemnity_cents').notNullable()
      c.cents('suspense_cents').notNullable()
      c.civilDate('received_on').notNullable()
      /** Who wrote it down, and what identifies it (cheque number, bank label). */
      c.reference('user_id', 'users').nullable()
      table.string('note').nullable()
      c.instant('created_at').notNullable()
      table.index(['received_on', 'id'])
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
      /** Why it could not be worked, in a code; a person sees it until it is worked or set aside. */
      table.string('failure', 48).nullable()
      table.text('failure_detail').nullable()
      c.instant('received_at').notNullable()
      c.instant('worked_at').nullable()
      /** Who set it aside, and why. */
      c.reference('user_id', 'users').nullable()
      table.string('note').nullable()
    })

    this.schema.raw('create index stripe_events_waiting on stripe_events (id) where worked_at is null')

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
