import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'
import { widenOneOf } from '#database/widen_check'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** A file of the bank's, kept as it came, then read: whole, or not at all. */
    this.schema.createTable('bank_statements', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 32).notNullable().unique()
      table.string('filename', 200).notNullable()
      table.string('file_sha256', 64).notNullable().references('sha256').inTable('stored_files')
      c.oneOf('format', ['camt053', 'cfonb120', 'csv']).nullable()
      c.oneOf('state', ['received', 'recorded', 'refused']).notNullable()
      /** Why it was refused, in a code, where in the file, and what stands there. */
      table.string('refusal', 48).nullable()
      table.integer('refused_at').nullable()
      table.string('refused_text', 200).nullable()
      table.integer('lines').notNullable().defaultTo(0)
      table.integer('duplicates').notNullable().defaultTo(0)
      c.civilDate('from_on').nullable()
      c.civilDate('until_on').nullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      table.check(`state <> 'refused' or refusal is not null`)
    })

    /**
     * One movement of an account, once however many files tell it (rule 31): `key` is drawn from
     * what the bank says of it. open: nobody knows what it is · suggested: a file or a reason is
     * proposed · matched: all of it is posted · ignored: no debtor's money.
     */
    this.schema.createTable('bank_lines', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.sha256('key').notNullable().unique()
      c.reference('statement_id', 'bank_statements').notNullable().index()
      table.integer('position').notNullable()
      table.string('account', 34).notNullable()
      c.civilDate('booked_on').notNullable()
      c.civilDate('value_on').nullable()
      /** Positive for money that came. */
      c.cents('amount_cents', 'any').notNullable()
      c.cents('charges_cents').notNullable().defaultTo(0)
      table.text('label').notNullable()
      table.string('counterparty', 140).nullable()
      table.string('counterparty_iban', 34).nullable().index()
      /** The structured creditor reference, ISO 11649. */
      table.string('reference', 35).nullable()
      table.string('end_to_end_id', 35).nullable()
      table.string('bank_reference', 35).nullable()
      table.string('operation', 35).nullable()
      table.boolean('is_return').notNullable()
      table.boolean('is_batch').notNullable()
      table.text('raw').notNullable()
      c.oneOf('state', ['open', 'suggested', 'matched', 'ignored']).notNullable().defaultTo('open')
      /** Why it is no debtor's money: a code of ours, or a person's words. */
      table.string('ignored_reason', 200).nullable()
      c.reference('user_id', 'users').nullable()
      c.instant('judged_at').nullable()
      table.index(['state', 'booked_on', 'id'])
      table.index(['account', 'booked_on', 'amount_cents'])
      table.check(`state <> 'ignored' or ignored_reason is not null`)
    })
    this.schema.raw('create index bank_lines_not_judged on bank_lines (id) where judged_at is null')

    /** A part of a line, posted to a file or taken back from it; a part may be undone, once. */
    this.schema.createTable('bank_matches', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('line_id', 'bank_lines').notNullable()
      c.oneOf('kind', ['payment', 'return']).notNullable()
      /** Which part of the line, from 1. */
      table.integer('part').notNullable()
      c.reference('claim_id', 'claims').notNullable().index()
      c.reference('payment_id', 'payments').notNullable().index()
      c.cents('amount_cents', '> 0').notNullable()
      c.oneOf('strategy', [
        'reference',
        'file_reference',
        'end_to_end',
        'iban_amount',
        'person',
      ]).notNullable()
      table.integer('score').notNullable()
      table.text('reasons').notNullable().comment('JSON list of codes')
      /** Who decided; null for what was certain. */
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      c.instant('undone_at').nullable()
      c.reference('undone_by_id', 'users').nullable()
      table.string('undo_reason', 200).nullable()
      table.unique(['line_id', 'part'])
      table.check('score between 0 and 100')
      table.check('(undone_at is null) = (undo_reason is null)')
    })
    this.schema.raw(
      `create unique index bank_matches_payment on bank_matches (payment_id) where kind = 'payment'`
    )

    /** What the agency lets be posted without a person; without a row, the defaults. */
    this.schema.createTable('bank_matching_rules', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('agency_id', 'agencies').notNullable().unique()
      for (const name of [
        'by_reference',
        'by_file_reference',
        'by_end_to_end',
        'by_iban_amount',
        'surplus',
      ]) {
        table.boolean(name).notNullable().defaultTo(true)
      }
      c.instant('updated_at').notNullable()
    })

    /** A file is found by its reference as banks carry it, without its hyphens. */
    this.schema.raw(`create index claims_plain_ref on claims (replace(ref, '-', ''))`)

    /** A payment may also go back because it was given to the wrong file. */
    this.defer((client) => widenOneOf(client, 'payment_returns', 'how', ['correction']))
  }

  override async down() {
    this.schema.raw('drop index claims_plain_ref')
    for (const name of ['bank_matching_rules', 'bank_matches', 'bank_lines', 'bank_statements']) {
      this.schema.dropTable(name)
    }
  }
}
