import { BaseSchema } from '@adonisjs/lucid/schema'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    this.schema.createTable('scenarios', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('slug', 48).notNullable()
      c.oneOf('kind', ['b2b', 'b2c']).notNullable()
      table.string('name').notNullable()
      c.instant('created_at').notNullable()
      table.unique(['slug', 'kind'])
    })

    this.schema.createTable('scenario_steps', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('scenario_id', 'scenarios').notNullable()
      table.integer('position').notNullable()
      table.integer('day').notNullable()
      c.oneOf('channel', ['letter', 'lrar', 'email', 'hand_over']).notNullable()
      /** D7 */
      c.oneOf('mode', ['manual', 'confirm', 'automatic']).notNullable().defaultTo('confirm')
      table.string('template', 48).notNullable()
      table.unique(['scenario_id', 'position'])
    })

    this.defer((db) => seedScenarios(db))

    this.schema.createTable('campaigns', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 32).notNullable().unique()
      c.reference('creditor_id', 'creditors').notNullable().index()
      c.reference('scenario_id', 'scenarios').notNullable()
      table.bigInteger('import_id').nullable()
      c.oneOf('kind', ['b2b', 'b2c']).notNullable()
      table.string('name').notNullable()
      c.oneOf('state', ['running', 'ended', 'cancelled']).notNullable().defaultTo('running')
      c.civilDate('launched_on').notNullable()
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
    })

    /**
     * One step of one file. N1: whatever does not go keeps its reason. `due_at` is
     * when the tick next looks at it, so only the file's next action has one;
     * "deferred until" is the same instant.
     */
    this.schema.createTable('actions', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('campaign_id', 'campaigns').notNullable()
      c.reference('claim_id', 'claims').notNullable().index()
      c.reference('step_id', 'scenario_steps').notNullable()
      /** Whom it contacts, across files and creditors: the first debtor with the same person key. */
      c.reference('person_id', 'debtors').notNullable()
      table.integer('position').notNullable()
      c.oneOf('channel', ['letter', 'lrar', 'email', 'hand_over']).notNullable()
      c.oneOf('mode', ['manual', 'confirm', 'automatic']).notNullable()
      c.civilDate('planned_on').notNullable()
      c.oneOf('state', ['planned', 'to_confirm', 'ready', 'done', 'skipped', 'deferred', 'failed'])
        .notNullable()
        .defaultTo('planned')
      table.string('reason', 64).nullable()
      c.instant('due_at').nullable()
      c.reference('confirmed_by_id', 'users').nullable()
      c.instant('confirmed_at').nullable()
      c.instant('done_at').nullable()
      table.unique(['campaign_id', 'claim_id', 'position'])
      table.check(`reason is not null or (state <> 'skipped' and state <> 'deferred' and state <> 'failed')`)
      table.check(`due_at is not null or (state <> 'ready' and state <> 'deferred')`)
      table.check(`due_at is null or (state <> 'done' and state <> 'skipped' and state <> 'failed')`)
    })
    this.schema.raw('create index actions_due on actions (due_at, id) where due_at is not null')
    this.schema.raw(`create index actions_to_confirm on actions (planned_on, id) where state = 'to_confirm'`)
    for (const sql of wakeActions(dialect)) this.schema.raw(sql)

    this.schema.createTable('letters', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('ref', 48).notNullable().unique()
      c.reference('claim_id', 'claims').notNullable().index()
      c.reference('action_id', 'actions').nullable().unique()
      c.oneOf('kind', ['simple', 'lrar']).notNullable()
      table.string('template', 48).notNullable()
      c.civilDate('dated_on').notNullable()
      c.oneOf('state', ['queued', 'rendered', 'printed', 'failed', 'cancelled'])
        .notNullable()
        .defaultTo('queued')
      table.string('file_sha256', 64).nullable().references('sha256').inTable('stored_files')
      table.integer('pages').nullable()
      c.cents('total_cents').nullable()
      table.string('failure').nullable()
      table.string('registered_number', 32).nullable()
      c.instant('rendered_at').nullable()
      c.instant('printed_at').nullable()
      c.instant('created_at').notNullable()
      table.check(`state not in ('rendered', 'printed') or file_sha256 is not null`)
      table.index(['state', 'id'])
    })

    /** The outbox: a row before anything leaves, and one row leaves once. */
    this.schema.createTable('deliveries', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.string('key', 120).notNullable().unique()
      c.oneOf('channel', ['email', 'print']).notNullable()
      /** What to compose when it leaves: a recipe, never a rendered text with a live link in it. */
      table.string('recipe', 48).notNullable()
      table.text('parameters').notNullable().defaultTo('{}').comment('JSON: ids the recipe needs')
      table.string('recipient').notNullable()
      c.reference('claim_id', 'claims').nullable().index()
      c.reference('creditor_id', 'creditors').nullable()
      c.reference('action_id', 'actions').nullable().unique()
      c.reference('letter_id', 'letters').nullable()
      c.oneOf('state', ['queued', 'leased', 'sending', 'sent', 'failed', 'uncertain', 'cancelled'])
        .notNullable()
        .defaultTo('queued')
      table.integer('attempts').notNullable().defaultTo(0)
      c.instant('not_before_at').notNullable()
      table.string('lease_owner', 64).nullable()
      c.instant('leased_until_at').nullable()
      table.string('provider', 32).nullable()
      table.string('provider_ref').nullable()
      table.string('message_id').nullable()
      table.string('subject').nullable()
      table.string('message_sha256', 64).nullable()
      table.string('reason').nullable()
      c.instant('sent_at').nullable()
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      table.index(['state', 'not_before_at', 'id'])
    })

    /** What left, encrypted with APP_KEY: it holds the debtor's link. */
    this.schema.createTable('sent_messages', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('delivery_id', 'deliveries').notNullable().unique()
      table.text('content_encrypted').notNullable()
      c.instant('created_at').notNullable()
    })

    /** Who was contacted when: what the weekly cap counts, by person and not by file (rule 13). */
    this.schema.createTable('contacts', (table) => {
      const c = columns(table, dialect)
      c.id()
      table.bigInteger('person_id').notNullable()
      c.reference('action_id', 'actions').notNullable()
      c.oneOf('channel', ['letter', 'lrar', 'email']).notNullable()
      c.instant('occurred_at').notNullable()
      table.index(['person_id', 'occurred_at'])
    })
  }

  override async down() {
    for (const name of [
      'contacts',
      'sent_messages',
      'deliveries',
      'letters',
      'actions',
      'campaigns',
      'scenario_steps',
      'scenarios',
    ]) {
      this.schema.dropTable(name)
    }
  }
}

/**
 * When a file stops or resumes (paid, paused, disputed, closed, lifted), whoever
 * wrote it, the tick looks at its next action at once instead of on its date.
 */
function wakeActions(dialect: string): string[] {
  const wake = `update actions set due_at = '2000-01-01T00:00:00.000Z'
    where claim_id = new.id and (due_at is not null or state = 'to_confirm')`
  if (dialect === 'postgres') {
    return [
      `create function claims_wake_actions() returns trigger language plpgsql as $$ begin ${wake}; return null; end $$`,
      `create trigger claims_wake_actions after update of status on claims for each row
         when (new.status <> old.status) execute function claims_wake_actions()`,
    ]
  }
  return [
    `create trigger claims_wake_actions after update of status on claims
       when new.status <> old.status begin ${wake}; end`,
  ]
}

/**
 * The scenario every installation begins with (R26, R29): the R124-4 letter, four
 * reminders by email, then the hand-over is proposed to a person.
 */
const AMIABLE = [
  { day: 0, channel: 'letter', template: 'first_letter' },
  { day: 4, channel: 'email', template: 'reminder_1' },
  { day: 8, channel: 'email', template: 'reminder_2' },
  { day: 12, channel: 'email', template: 'reminder_3' },
  { day: 16, channel: 'email', template: 'reminder_4' },
  { day: 20, channel: 'hand_over', template: 'hand_over' },
]

async function seedScenarios(db: QueryClientContract) {
  const names = { b2b: 'Amiable, professionnels', b2c: 'Amiable, particuliers' }
  for (const [kind, name] of Object.entries(names)) {
    await db
      .table('scenarios')
      .insert({ slug: 'amiable', kind, name, created_at: '2026-11-01T00:00:00.000Z' })
    const { id } = await db.from('scenarios').where({ slug: 'amiable', kind }).firstOrFail()
    await db
      .table('scenario_steps')
      .multiInsert(
        AMIABLE.map((step, index) => ({ scenario_id: id, position: index + 1, mode: 'confirm', ...step }))
      )
  }
}
