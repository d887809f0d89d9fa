import { BaseSchema } from '@adonisjs/lucid/schema'
import { appendOnly, columns } from '#database/columns'
import { widenOneOf } from '#database/widen_check'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** The fee by age of the debt and amount; `fee_bps` is what no band takes. */
    this.schema.raw('alter table mandates add column fee_grid text')

    /** remittance: what left for the creditor · fee: what is kept of it · withdrawal: fees that leave the dedicated account. */
    this.defer((client) => widenOneOf(client, 'postings', 'kind', ['remittance', 'fee', 'withdrawal']))

    /** One pain.001 file given to the bank; its bytes never change. */
    this.schema.createTable('transfer_orders', (table) => {
      const c = columns(table, dialect)
      c.id()
      /** The MsgId: the bank refuses a second order of the same. */
      table.string('ref', 32).notNullable().unique()
      table.string('file_sha256', 64).notNullable().references('sha256').inTable('stored_files')
      c.civilDate('execute_on').notNullable()
      table.integer('transfers').notNullable()
      c.cents('amount_cents', '> 0').notNullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
    })

    /**
     * R124-6: what is paid to a creditor at once. prepared: its lines are drawn · exported: in a
     * transfer order · paid: it left, and the ledger says so · cancelled: its lines are free again.
     */
    this.schema.createTable('remittances', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 32).notNullable().unique()
      c.reference('creditor_id', 'creditors').notNullable().index()
      c.oneOf('state', ['prepared', 'exported', 'paid', 'cancelled']).notNullable().defaultTo('prepared')
      /** Payments received until that day. */
      c.civilDate('until_on').notNullable()
      /** Rule 36: the first of its payments to be due to the creditor. */
      c.civilDate('due_on').notNullable()
      c.cents('collected_cents', '> 0').notNullable()
      c.cents('fee_cents', 'any').notNullable()
      c.cents('vat_cents', 'any').notNullable()
      /** What the creditor gets: all that was collected, less fee and VAT only when the mandate says so. */
      c.cents('net_cents', '> 0').notNullable()
      table.boolean('netting').notNullable()
      table.integer('payments').notNullable()
      c.reference('order_id', 'transfer_orders').nullable().index()
      c.civilDate('paid_on').nullable()
      /** Who said that it left. */
      c.reference('user_id', 'users').nullable()
      /** The statement given to the creditor. */
      table.string('file_sha256', 64).nullable().references('sha256').inTable('stored_files')
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      table.check(`(state = 'paid') = (paid_on is not null)`)
      table.check(`state <> 'exported' or order_id is not null`)
      table.check(`net_cents = collected_cents - case when netting then fee_cents + vat_cents else 0 end`)
    })

    /** A payment in a remittance; what went back later is a negative line of another. */
    this.schema.createTable('remittance_lines', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('remittance_id', 'remittances').notNullable().index()
      c.reference('payment_id', 'payments').notNullable()
      /** Which line of that payment it is, from 0. */
      table.integer('position').notNullable()
      c.cents('collected_cents', 'any').notNullable()
      table.integer('rate_bps').notNullable()
      c.cents('fee_cents', 'any').notNullable()
      c.cents('vat_cents', 'any').notNullable()
      c.civilDate('due_on').notNullable()
      /** Its remittance was cancelled: the payment can be drawn again. */
      c.instant('released_at').nullable()
      c.instant('created_at').notNullable()
      table.check('collected_cents <> 0')
      table.check('rate_bps between 0 and 10000')
      table.unique(['remittance_id', 'payment_id'])
    })
    this.schema.raw(
      `create unique index remittance_lines_drawn on remittance_lines (payment_id, position) where released_at is null`
    )

    /** The agency's own invoice to a creditor, or the credit note when fees are given back; numbered without gaps. */
    this.schema.createTable('fee_invoices', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('number', 32).notNullable().unique()
      c.reference('remittance_id', 'remittances').notNullable().unique()
      c.reference('creditor_id', 'creditors').notNullable().index()
      c.cents('fee_cents', 'any').notNullable()
      c.cents('vat_cents', 'any').notNullable()
      table.integer('vat_bps').notNullable()
      c.civilDate('issued_on').notNullable()
      c.civilDate('due_on').notNullable()
      table.string('file_sha256', 64).nullable().references('sha256').inTable('stored_files')
      c.instant('created_at').notNullable()
      table.check('fee_cents <> 0 or vat_cents <> 0')
    })

    /** What the bank says is on the dedicated account (rule 37). */
    this.schema.createTable('account_balances', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.civilDate('balance_on').notNullable()
      c.cents('amount_cents', 'any').notNullable()
      c.oneOf('source', ['typed', 'statement']).notNullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      table.index(['balance_on', 'id'])
    })

    /** Fees kept that were moved from the dedicated account to the agency's own. */
    this.schema.createTable('fee_withdrawals', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.civilDate('withdrawn_on').notNullable()
      c.cents('amount_cents', '> 0').notNullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
    })

    /** The number each accounting entry got when it was first exported (LPF A47 A-1): never another afterwards. */
    this.schema.createTable('accounting_entries', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('journal', 3).notNullable()
      table.integer('year').notNullable()
      table.integer('number').notNullable()
      /** No foreign key: a table that others refer to cannot be built again (widen_check.ts). Postings are never deleted. */
      table.bigInteger('posting_id').nullable().unique()
      c.reference('fee_invoice_id', 'fee_invoices').nullable().unique()
      c.instant('created_at').notNullable()
      table.unique(['journal', 'year', 'number'])
      table.check('(posting_id is null) <> (fee_invoice_id is null)')
    })
    for (const sql of appendOnly('accounting_entries', dialect)) this.schema.raw(sql)
  }

  /** The ledger keeps the words it may hold: what was posted under them stays. */
  override async down() {
    for (const name of [
      'accounting_entries',
      'fee_withdrawals',
      'account_balances',
      'fee_invoices',
      'remittance_lines',
      'remittances',
      'transfer_orders',
    ]) {
      this.schema.dropTable(name)
    }
    if (this.db.connectionName === 'postgres')
      this.schema.raw('drop function accounting_entries_append_only()')
    this.schema.raw('alter table mandates drop column fee_grid')
  }
}
