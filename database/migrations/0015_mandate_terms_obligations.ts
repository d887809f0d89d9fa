import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'
import { widenOneOf } from '#database/widen_check'

/** The agency's own bank, and what creditors owe it for its fee (posting.ts). */
const FEE_ACCOUNTS = ['agency_bank', 'fee_receivable']

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName
    const flag = dialect === 'postgres' ? 'false' : '0'

    /** Terms that a mandate carries for the files taken under it; without one, for all its creditor's files. */
    this.schema.raw('alter table contract_terms add column mandate_id bigint references mandates (id)')
    this.schema.raw(
      'create unique index contract_terms_mandate on contract_terms (mandate_id) where mandate_id is not null'
    )
    /** What a file took as it was imported. */
    this.schema.raw('alter table claims add column contract_term_id bigint references contract_terms (id)')

    /** A plan that a person of the agency puts to a debtor: by whom, the deed they would agree to, and why beyond the rules. */
    for (const column of [
      'offered_by_id bigint references users (id)',
      'offered_text text',
      'offer_file_sha256 varchar(64) references stored_files (sha256)',
      'beyond_reason text',
    ]) {
      this.schema.raw(`alter table plans add column ${column}`)
    }
    this.schema.raw(`alter table mandates add column plans_beyond_rules boolean not null default ${flag}`)

    /** Files that a bank line waiting for a person may pay: not reminded meanwhile, until that day at most. */
    this.schema.createTable('awaited_transfers', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('line_id', 'bank_lines').notNullable()
      c.reference('claim_id', 'claims').notNullable().index()
      c.civilDate('until_on').notNullable()
      c.instant('created_at').notNullable()
      table.unique(['line_id', 'claim_id'])
    })
    this.schema.raw(
      'alter table bank_matching_rules add column hold_days integer not null default 5 check (hold_days between 0 and 30)'
    )

    /** The half-year whose rate was not published when the receipt was issued: what remains then lacks its interest. */
    this.schema.raw('alter table receipts add column missing_semester varchar(8)')

    /** A creditor has paid an invoice of the agency's fee, or was paid a credit note; marked by mistake, it is cancelled. */
    this.schema.createTable('fee_settlements', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('fee_invoice_id', 'fee_invoices').notNullable()
      c.civilDate('paid_on').notNullable()
      table.string('reference', 64).nullable()
      c.cents('amount_cents', 'any').notNullable()
      c.reference('user_id', 'users').notNullable()
      c.instant('created_at').notNullable()
      c.instant('cancelled_at').nullable()
      c.reference('cancelled_by_id', 'users').nullable()
      table.check('(cancelled_at is null) = (cancelled_by_id is null)')
    })
    this.schema.raw(
      'create unique index fee_settlements_standing on fee_settlements (fee_invoice_id) where cancelled_at is null'
    )
    this.defer((client) => widenOneOf(client, 'postings', 'kind', ['settlement']))
    this.defer((client) => widenOneOf(client, 'postings', 'debit_account', FEE_ACCOUNTS))
    this.defer((client) => widenOneOf(client, 'postings', 'credit_account', FEE_ACCOUNTS))
  }

  /** The ledger keeps the words it may hold: what was posted under them stays. */
  override async down() {
    this.schema.dropTable('fee_settlements')
    this.schema.raw('alter table receipts drop column missing_semester')
    this.schema.raw('alter table bank_matching_rules drop column hold_days')
    this.schema.dropTable('awaited_transfers')
    this.schema.raw('alter table mandates drop column plans_beyond_rules')
    for (const column of ['beyond_reason', 'offer_file_sha256', 'offered_text', 'offered_by_id']) {
      this.schema.raw(`alter table plans drop column ${column}`)
    }
    this.schema.raw('alter table claims drop column contract_term_id')
    this.schema.raw('drop index contract_terms_mandate')
    this.schema.raw('alter table contract_terms drop column mandate_id')
  }
}
