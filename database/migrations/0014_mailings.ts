import { BaseSchema } from '@adonisjs/lucid/schema'
import { appendOnly, columns } from '#database/columns'

const KINDS = ['simple', 'lrar', 'ere']
const STATES = [
  'draft',
  'awaiting_confirmation',
  'queued',
  'provider_accepted',
  'printed',
  'sent',
  'handed_over',
  'first_presentation',
  'awaiting_pickup',
  'delivered',
  'delivered_signed',
  'refused',
  'unclaimed',
  'undeliverable',
  'notification_failed',
  'provider_rejected',
  'cancelled',
]
const PROOFS = ['deposit', 'content', 'receipt', 'refusal', 'non_claim', 'download', 'returned_mail']

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName
    const boolean = (value: boolean) => (dialect === 'postgres' ? String(value) : value ? '1' : '0')

    /** Who carries a letter: of each kind by default, by a step, and as it was decided for one letter. */
    for (const column of [
      'simple_route varchar(32)',
      'lrar_route varchar(32)',
      `mail_duplex boolean not null default ${boolean(true)}`,
      `mail_colour boolean not null default ${boolean(false)}`,
      `mail_address_sheet boolean not null default ${boolean(false)}`,
    ]) {
      this.schema.raw(`alter table agencies add column ${column}`)
    }
    this.schema.raw('alter table scenario_steps add column route varchar(32)')
    this.schema.raw(`alter table letters add column route varchar(32) not null default 'manual'`)
    this.schema.raw('create index letters_registered_number on letters (registered_number)')
    /** Null for a channel that one driver carries. */
    this.schema.raw('alter table deliveries add column route varchar(32)')

    /** What becomes of a letter that was sent: by hand, or by a provider. */
    this.schema.createTable('mailings', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('letter_id', 'letters').notNullable().unique()
      /** Where it went, whatever the debtor's address is by now (rule 52). */
      c.reference('address_id', 'addresses').nullable().index()
      c.oneOf('kind', KINDS).notNullable()
      table.string('provider', 32).notNullable()
      /** The provider's name for it, known once it has taken it. */
      table.string('provider_ref', 200).nullable()
      c.oneOf('state', STATES).notNullable()
      table.string('registered_number', 32).nullable().unique()
      /** Why it could not be delivered, in the provider's own code. */
      table.string('reason').nullable()
      c.civilDate('handed_over_on').nullable()
      c.civilDate('first_presented_on').nullable()
      c.civilDate('delivered_on').nullable()
      c.civilDate('ended_on').nullable()
      /** Two ends that exclude each other were told: a person must know. */
      c.instant('contradicted_at').nullable()
      /** The last news, the last time we asked for some, and for its proofs. */
      c.instant('heard_at').nullable()
      c.instant('asked_at').nullable()
      c.instant('proofs_asked_at').nullable()
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      table.index(['state', 'id'])
    })
    this.schema.raw(
      `create unique index mailings_provider_ref on mailings (provider, provider_ref)
       where provider_ref is not null`
    )

    /** Rule 50: what was said of mailings, as it was said; only that it was worked is added. */
    this.schema.createTable('mailing_facts', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('provider', 32).notNullable()
      table.string('provider_ref', 200).notNullable()
      table.string('fact_key', 200).notNullable()
      c.oneOf('heard_by', ['webhook', 'asking', 'person']).notNullable()
      c.oneOf('state', STATES).nullable()
      c.oneOf('proof', PROOFS).nullable()
      c.instant('occurred_at').nullable()
      table.string('registered_number', 32).nullable()
      table.string('reason').nullable()
      table.text('raw').notNullable().comment('what came, before it was read')
      c.reference('user_id', 'users').nullable()
      c.instant('received_at').notNullable()
      c.instant('worked_at').nullable()
      table.unique(['provider', 'fact_key'])
      table.index(['provider', 'provider_ref'])
    })
    this.schema.raw('create index mailing_facts_waiting on mailing_facts (id) where worked_at is null')
    for (const sql of told(dialect)) this.schema.raw(sql)

    /** Rule 49: what the provider certifies, kept by us from the day it is there. */
    this.schema.createTable('mailing_proofs', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('mailing_id', 'mailings').notNullable()
      c.oneOf('kind', PROOFS).notNullable()
      table.string('file_sha256', 64).notNullable().references('sha256').inTable('stored_files')
      c.instant('fetched_at').notNullable()
      table.unique(['mailing_id', 'kind'])
    })
    for (const sql of appendOnly('mailing_proofs', dialect)) this.schema.raw(sql)

    /** Rule 52: why letters do not reach it, and which one came back. */
    this.schema.raw('alter table addresses add column undeliverable_reason varchar(64)')
    this.schema.raw(
      'alter table addresses add column undeliverable_mailing_id bigint references mailings (id)'
    )
  }

  override async down() {
    this.schema.raw('alter table addresses drop column undeliverable_mailing_id')
    this.schema.raw('alter table addresses drop column undeliverable_reason')
    for (const table of ['mailing_proofs', 'mailing_facts', 'mailings']) this.schema.dropTable(table)
    if (this.db.connectionName === 'postgres') {
      this.schema.raw('drop function mailing_proofs_append_only()')
      this.schema.raw('drop function mailing_facts_told()')
    }
    this.schema.raw('alter table deliveries drop column route')
    this.schema.raw('drop index letters_registered_number')
    this.schema.raw('alter table letters drop column route')
    this.schema.raw('alter table scenario_steps drop column route')
    for (const column of ['mail_address_sheet', 'mail_colour', 'mail_duplex', 'lrar_route', 'simple_route']) {
      this.schema.raw(`alter table agencies drop column ${column}`)
    }
  }
}

/** All that was told; `worked_at` is ours. */
const TOLD = [
  'id',
  'provider',
  'provider_ref',
  'fact_key',
  'heard_by',
  'state',
  'proof',
  'occurred_at',
  'registered_number',
  'reason',
  'raw',
  'user_id',
  'received_at',
].join(', ')

function told(dialect: string): string[] {
  const message = 'what was told of a mailing does not change'
  if (dialect === 'postgres') {
    return [
      `create function mailing_facts_told() returns trigger language plpgsql as $$ begin raise exception '${message}'; end $$`,
      `create trigger mailing_facts_no_update before update of ${TOLD} on mailing_facts for each row execute function mailing_facts_told()`,
      `create trigger mailing_facts_no_delete before delete on mailing_facts for each row execute function mailing_facts_told()`,
    ]
  }
  return [`update of ${TOLD}`, 'delete'].map(
    (verb) =>
      `create trigger mailing_facts_no_${verb.split(' ')[0]} before ${verb} on mailing_facts begin select raise(abort, '${message}'); end`
  )
}
