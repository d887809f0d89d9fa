import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName
    const boolean = (value: boolean) => (dialect === 'postgres' ? String(value) : value ? '1' : '0')

    /** U5: what a creditor lets its debtors agree by themselves. */
    for (const column of [
      `plans_allowed boolean not null default ${boolean(true)}`,
      'first_due_days integer not null default 45',
      'missed_grace_days integer not null default 8',
      'settlement_valid_days integer not null default 15',
    ]) {
      this.schema.raw(`alter table creditors add column ${column}`)
    }

    /**
     * What a debtor and a creditor agreed on: while one is open nothing reminds of the file, and
     * a plan stops interest after `interest_stops_on` until `interest_resumes_on`.
     */
    this.schema.createTable('arrangements', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      c.oneOf('kind', ['plan', 'promise']).notNullable()
      /** The last day that bears interest, and the last that bears none. */
      c.civilDate('interest_stops_on').nullable()
      c.civilDate('interest_resumes_on').nullable()
      c.instant('created_at').notNullable()
      c.instant('ended_at').nullable()
      table.check('interest_resumes_on is null or interest_resumes_on >= interest_stops_on')
    })
    this.schema.raw(
      'create unique index arrangements_open on arrangements (claim_id, kind) where ended_at is null'
    )

    /**
     * proposed: a person must answer · accepted: the first instalment is awaited until `start_by_at`
     * · active: it came · completed, broken, lapsed, refused, cancelled: the end.
     */
    this.schema.createTable('plans', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 32).notNullable().unique()
      c.reference('claim_id', 'claims').notNullable().index()
      c.oneOf('state', [
        'proposed',
        'accepted',
        'active',
        'completed',
        'broken',
        'lapsed',
        'refused',
        'cancelled',
      ]).notNullable()
      c.cents('total_cents', '> 0').notNullable()
      table.integer('months').notNullable()
      table.integer('day_of_month').notNullable()
      table.boolean('within_rules').notNullable()
      table.boolean('creditor_told').notNullable()
      table.string('locale', 2).notNullable()
      /** The last payment that the total already counts. */
      table.bigInteger('after_payment_id').notNullable()
      c.instant('start_by_at').nullable()
      /** The gateway's names of who pays and how; never a card number. */
      table.string('stripe_customer_id').nullable()
      table.string('stripe_method_id').nullable()
      c.oneOf('method_kind', ['card', 'sepa_debit']).nullable()
      table.string('method_ending', 4).nullable()
      /** `2027-08`: a card is good to the end of that month. */
      table.string('method_expires_in', 7).nullable()
      table.text('note').nullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      c.instant('ended_at').nullable()
      table.check('months between 1 and 60')
      table.check('day_of_month between 1 and 28')
      table.check(`state <> 'accepted' or start_by_at is not null`)
      table.index(['state', 'id'])
    })
    this.schema.raw(
      `create unique index plans_live on plans (claim_id) where state in ('proposed', 'accepted', 'active')`
    )

    /** The schedule agreed on, which never changes, and what has come of each. */
    this.schema.createTable('plan_instalments', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('plan_id', 'plans').notNullable()
      table.integer('seq').notNullable()
      c.civilDate('due_on').notNullable()
      c.cents('amount_cents', '> 0').notNullable()
      c.cents('paid_cents').notNullable().defaultTo(0)
      table.unique(['plan_id', 'seq'])
      table.check('paid_cents <= amount_cents')
      table.check('seq >= 1')
    })
    this.schema.raw(
      'create index plan_instalments_open on plan_instalments (due_on) where paid_cents < amount_cents'
    )

    /** C. civ. 1376, 2240: the debtor's own entry of the sum, and what they read when they made it. */
    this.schema.createTable('acknowledgements', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('plan_id', 'plans').notNullable().unique()
      c.reference('claim_id', 'claims').notNullable().index()
      table.string('typed_figures', 64).notNullable()
      table.string('typed_words', 400).notNullable()
      table.text('text').notNullable()
      c.sha256('text_sha256').notNullable()
      table.string('ip').nullable()
      table.text('user_agent').nullable()
      table.string('file_sha256', 64).nullable().references('sha256').inTable('stored_files')
      c.instant('created_at').notNullable()
    })

    /** What a debtor was told of a plan beforehand, once each. */
    this.schema.createTable('plan_notices', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('plan_id', 'plans').notNullable().index()
      table.string('key', 120).notNullable().unique()
      c.instant('created_at').notNullable()
    })

    /** A wish to pay that belongs to a plan; `instalment_try` when we charge without the debtor. */
    for (const column of [
      'plan_id bigint references plans (id)',
      'instalment_seq integer',
      'instalment_try integer',
    ]) {
      this.schema.raw(`alter table payment_attempts add column ${column}`)
    }
    this.schema.raw(
      `create unique index payment_attempts_tries on payment_attempts (plan_id, instalment_seq, instalment_try)`
    )
    /** One charge for one instalment, whatever runs at once. */
    this.schema.raw(
      `create unique index payment_attempts_charge on payment_attempts (plan_id, instalment_seq)
       where instalment_try is not null and state in ('created', 'open', 'unknown', 'processing', 'succeeded')`
    )

    /** A debtor's word: so much by that day. */
    this.schema.createTable('promises', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      c.cents('amount_cents', '> 0').notNullable()
      c.civilDate('due_on').notNullable()
      c.oneOf('state', ['open', 'kept', 'broken', 'cancelled']).notNullable()
      table.bigInteger('after_payment_id').notNullable()
      c.reference('request_id', 'debtor_requests').nullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      c.instant('ended_at').nullable()
      /** A person has seen that it was broken. */
      c.instant('seen_at').nullable()
    })
    this.schema.raw(`create unique index promises_open on promises (claim_id) where state = 'open'`)

    /** So much by that day, and the rest is given up. */
    this.schema.createTable('settlement_offers', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      c.cents('amount_cents', '> 0').notNullable()
      c.cents('discount_cents', '> 0').notNullable()
      c.civilDate('expires_on').notNullable()
      c.oneOf('state', ['open', 'accepted', 'expired', 'cancelled']).notNullable()
      c.cents('waived_cents').nullable()
      c.reference('payment_id', 'payments').nullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      c.instant('ended_at').nullable()
    })
    this.schema.raw(
      `create unique index settlement_offers_open on settlement_offers (claim_id) where state = 'open'`
    )
  }

  override async down() {
    this.schema.dropTable('settlement_offers')
    this.schema.dropTable('promises')
    this.schema.raw('drop index payment_attempts_charge')
    this.schema.raw('drop index payment_attempts_tries')
    for (const column of ['instalment_try', 'instalment_seq', 'plan_id']) {
      this.schema.raw(`alter table payment_attempts drop column ${column}`)
    }
    for (const name of ['plan_notices', 'acknowledgements', 'plan_instalments', 'plans', 'arrangements']) {
      this.schema.dropTable(name)
    }
    for (const column of ['settlement_valid_days', 'missed_grace_days', 'first_due_days', 'plans_allowed']) {
      this.schema.raw(`alter table creditors drop column ${column}`)
    }
  }
}
