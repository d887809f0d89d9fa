import { BaseSchema } from '@adonisjs/lucid/schema'
import { appendOnly, columns } from '#database/columns'
import { widenOneOf } from '#database/widen_check'

const STATES = [
  'draft',
  'deposited',
  'notified',
  'notification_failed',
  'identified',
  'accepted',
  'received',
  'signed',
  'refused',
  'expired',
  'cancelled',
  'replaced',
]

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** D16: a letter that leaves electronically, as a step of a scenario or by itself. */
    this.defer(async (client) => {
      await widenOneOf(client, 'letters', 'kind', ['ere'])
      for (const table of ['scenario_steps', 'actions', 'contacts']) {
        await widenOneOf(client, table, 'channel', ['ere'])
      }
    })
    /** What is sent outside any campaign, and each reminder of an ERE, counts as a contact too. */
    this.schema.raw('alter table contacts alter column action_id drop not null')
    this.schema.raw('alter table contacts add column delivery_id bigint references deliveries (id)')

    /** Rule 46: that a person agreed, beforehand, to be written to electronically; never changed, only withdrawn. */
    this.schema.createTable('ere_consents', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('debtor_id', 'debtors').notNullable().index()
      table.string('email', 255).notNullable()
      c.civilDate('given_on').notNullable()
      table.text('text').notNullable()
      c.sha256('text_sha256').notNullable()
      table.string('source', 200).notNullable()
      c.reference('user_id', 'users').notNullable()
      c.instant('created_at').notNullable()
    })
    for (const sql of appendOnly('ere_consents', dialect)) this.schema.raw(sql)

    this.schema.createTable('ere_consent_withdrawals', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('consent_id', 'ere_consents').notNullable().unique()
      c.reference('user_id', 'users').notNullable()
      c.instant('created_at').notNullable()
    })

    /** One letter sent electronically with an acknowledgement; its evidence is in its chain, here is where it stands. */
    this.schema.createTable('eres', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('letter_id', 'letters').notNullable().unique()
      /** What makes two clicks one sending, when it is sent from the file's page. */
      table.string('request_key', 64).nullable().unique()
      table.string('email', 255).notNullable()
      /** Where that address is known from, for whoever judges what it proves. */
      table.string('contact_source', 200).notNullable()
      /** A consumer's, rule 46. */
      c.reference('consent_id', 'ere_consents').nullable()
      c.reference('user_id', 'users').nullable()
      c.oneOf('state', STATES).notNullable()
      /** How often the recipient was to be notified; each begins the period again. */
      table.integer('notices').notNullable().defaultTo(0)
      table.integer('reminders_asked').notNullable().defaultTo(0)
      table.integer('reminders').notNullable().defaultTo(0)
      /** One-time codes asked for, and when last. */
      table.integer('codes').notNullable().defaultTo(0)
      c.instant('code_asked_at').nullable()
      /** Dispatch of the notice that counts, and the instant before which an answer is in time; none after a bounce. */
      c.instant('notified_at').nullable()
      c.instant('deadline_at').nullable()
      c.instant('accepted_at').nullable()
      c.instant('signed_at').nullable()
      c.instant('ended_at').nullable()
      table.string('signer_name', 120).nullable()
      table.string('signature_sha256', 64).nullable().references('sha256').inTable('stored_files')
      table.string('acknowledgement_sha256', 64).nullable().references('sha256').inTable('stored_files')
      /** A person has seen that it was refused, unclaimed or could not be notified. */
      c.instant('seen_at').nullable()
      c.reference('paper_letter_id', 'letters').nullable().unique()
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      table.check(`deadline_at is null or notified_at is not null`)
      table.check(`state <> 'expired' or deadline_at is not null`)
      table.check(`state <> 'signed' or (signed_at is not null and signer_name is not null)`)
      table.index(['state', 'deadline_at'])
    })

    /** The recipient's links: of each token only the SHA-256 is kept. */
    this.schema.createTable('ere_links', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('ere_id', 'eres').notNullable().index()
      c.sha256('token_sha256').notNullable().unique()
      c.instant('expires_at').notNullable()
      c.instant('revoked_at').nullable()
      c.instant('created_at').notNullable()
    })

    /** One-time codes, as HMAC: used once, shortly, and tried a few times. */
    this.schema.createTable('ere_codes', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('ere_id', 'eres').notNullable().index()
      c.sha256('code_hmac').notNullable()
      table.integer('attempts').notNullable().defaultTo(0)
      c.instant('expires_at').notNullable()
      c.instant('used_at').nullable()
      c.instant('created_at').notNullable()
    })
  }

  /** The words that letters, steps, actions and contacts may hold stay: what was written under them does. */
  override async down() {
    for (const table of ['ere_codes', 'ere_links', 'eres', 'ere_consent_withdrawals', 'ere_consents']) {
      this.schema.dropTable(table)
    }
    if (this.db.connectionName === 'postgres') this.schema.raw('drop function ere_consents_append_only()')
    this.schema.raw('alter table contacts drop column delivery_id')
  }
}
