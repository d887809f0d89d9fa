import { BaseSchema } from '@adonisjs/lucid/schema'
import { appendOnly, columns } from '#database/columns'

const ACCOUNTS = [
  'claim_principal',
  'claim_interest',
  'claim_indemnity',
  'creditor_claims',
  'client_funds',
  'creditor_payable',
  'agency_fee',
  'suspense',
]

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** A file (dossier): one debtor's unpaid invoices at one creditor. */
    this.schema.createTable('claims', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 32).notNullable().unique()
      c.reference('creditor_id', 'creditors').notNullable()
      c.reference('debtor_id', 'debtors').notNullable().index()
      table.bigInteger('import_id').nullable().index()
      c.oneOf('kind', ['b2b', 'b2c']).notNullable()
      /**
       * new: imported, nothing sent · active: in a campaign · paused and disputed: nothing goes
       * until lifted · paid: nothing due · closed: ended without full payment.
       */
      c.oneOf('status', ['new', 'active', 'paused', 'disputed', 'paid', 'closed'])
        .notNullable()
        .defaultTo('new')
      c.civilDate('oldest_due_on').notNullable()
      /** Facts the status is derived from, with pauses, disputes and closures (status.ts). */
      c.civilDate('launched_on').nullable()
      c.civilDate('paid_on').nullable()
      /**
       * Cached from postings by ledger.ts: principal at opening, principal still due, money
       * received; `balance_posting_id` is the last posting counted. Interest is never cached:
       * it changes every day (see owed.ts).
       */
      c.cents('principal_cents').notNullable().defaultTo(0)
      c.cents('due_cents', 'any').notNullable().defaultTo(0)
      c.cents('paid_cents').notNullable().defaultTo(0)
      table.bigInteger('balance_posting_id').notNullable().defaultTo(0)
      /** R124-4: the letter every later approach recalls. */
      table.string('first_letter_ref', 48).nullable()
      c.civilDate('first_letter_on').nullable()
      /** When the debtor received the formal notice; a consumer's interest starts there (rule 19). */
      c.civilDate('notice_received_on').nullable()
      c.civilDate('limitation_on').notNullable()
      table.string('limitation_basis', 32).notNullable()
      c.instant('last_activity_at').notNullable()
      c.instant('created_at').notNullable()
      table.index(['creditor_id', 'status', 'id'])
      table.index(['status', 'id'])
    })

    this.schema.createTable('invoices', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      /** One row of the creditor's table; it may name several invoices. */
      table.string('number').notNullable().index()
      table.integer('number_count').notNullable().defaultTo(1)
      c.civilDate('issued_on').notNullable()
      c.civilDate('due_on').notNullable()
      table.text('description').nullable()
      c.cents('amount_cents', '> 0').notNullable()
      c.cents('down_payment_cents').notNullable().defaultTo(0)
      table.bigInteger('import_row_id').nullable().unique()
      c.instant('created_at').notNullable()
      table.check('number_count >= 1')
      table.check('down_payment_cents < amount_cents')
      table.check('due_on >= issued_on')
    })

    this.schema.createTable('documents', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      c.oneOf('kind', [
        'invoice',
        'contract',
        'order',
        'quote',
        'letter',
        'receipt',
        'dispute',
        'other',
      ]).notNullable()
      table.string('name').notNullable()
      table.string('file_sha256', 64).notNullable().references('sha256').inTable('stored_files')
      table.boolean('shown_to_debtor').notNullable().defaultTo(false)
      c.instant('created_at').notNullable()
    })

    /** The ledger: each row moves money from one account to another, so it always balances. */
    this.schema.createTable('postings', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('key', 120).notNullable().unique()
      c.oneOf('kind', ['opening', 'accrual', 'payment', 'receipt', 'reversal']).notNullable()
      c.reference('creditor_id', 'creditors').notNullable()
      c.reference('claim_id', 'claims').nullable()
      c.reference('invoice_id', 'invoices').nullable()
      table.bigInteger('payment_id').nullable().index()
      c.oneOf('debit_account', ACCOUNTS).notNullable()
      c.oneOf('credit_account', ACCOUNTS).notNullable()
      c.cents('amount_cents', '> 0').notNullable()
      c.civilDate('effective_on').notNullable()
      c.reference('reverses_id', 'postings').nullable().unique()
      table.string('reason').notNullable()
      c.instant('created_at').notNullable()
      table.check('debit_account <> credit_account')
      table.check(`(kind = 'reversal') = (reverses_id is not null)`)
      table.index(['claim_id', 'id'])
    })

    /** What happened on a file, for its timeline. Append-only. */
    this.schema.createTable('claim_events', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable()
      table.string('type', 48).notNullable()
      c.oneOf('actor', ['system', 'user', 'debtor', 'creditor', 'provider']).notNullable()
      c.reference('user_id', 'users').nullable()
      table.text('detail').notNullable().defaultTo('{}').comment('JSON object')
      c.instant('occurred_at').notNullable()
      table.index(['claim_id', 'occurred_at'])
    })

    /** U3: a pause has a reason and an end. */
    this.schema.createTable('pauses', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      table.string('reason').notNullable()
      c.civilDate('until_on').nullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      c.instant('lifted_at').nullable()
    })

    this.schema.createTable('disputes', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      table.string('reason', 48).notNullable()
      table.text('message').nullable()
      c.oneOf('raised_by', ['debtor', 'user', 'creditor']).notNullable()
      /** The day by which the debtor was told to expect an answer. */
      c.civilDate('answer_by_on').notNullable()
      c.oneOf('outcome', ['upheld', 'rejected', 'withdrawn']).nullable()
      table.text('answer').nullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      c.instant('resolved_at').nullable()
      table.check('(outcome is null) = (resolved_at is null)')
    })

    /** The invoices a dispute is about; no row means the whole file. */
    this.schema.createTable('dispute_invoices', (table) => {
      const c = columns(table, dialect)
      c.reference('dispute_id', 'disputes').notNullable()
      c.reference('invoice_id', 'invoices').notNullable()
      table.primary(['dispute_id', 'invoice_id'])
    })

    this.schema.createTable('closures', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().unique()
      c.oneOf('reason', [
        'collected_by_creditor',
        'handed_over',
        'irrecoverable',
        'cancelled',
        'import_undone',
      ]).notNullable()
      table.text('note').nullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
    })

    /** What a debtor asks on the portal and a person answers. */
    this.schema.createTable('debtor_requests', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('claim_id', 'claims').notNullable().index()
      c.oneOf('kind', ['time', 'callback']).notNullable()
      c.civilDate('wanted_on').nullable()
      table.string('phone').nullable()
      table.string('slot', 32).nullable()
      table.text('message').nullable()
      c.instant('created_at').notNullable()
      c.instant('handled_at').nullable()
      c.reference('user_id', 'users').nullable()
    })

    for (const table of ['postings', 'claim_events']) {
      for (const sql of appendOnly(table, dialect)) this.schema.raw(sql)
    }
  }

  override async down() {
    for (const name of [
      'debtor_requests',
      'closures',
      'dispute_invoices',
      'disputes',
      'pauses',
      'claim_events',
      'postings',
      'documents',
      'invoices',
      'claims',
    ]) {
      this.schema.dropTable(name)
    }
  }
}
