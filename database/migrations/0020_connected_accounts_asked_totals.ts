import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('connected_accounts', (table) => {
      const c = columns(table, this.db.connectionName)
      c.id()
      c.reference('creditor_id', 'creditors').notNullable()
      /** Ours, stored before Stripe is asked to make the account; null for one that was made elsewhere. */
      table.string('key', 64).nullable().unique()
      table.text('request').nullable().comment('JSON')
      /** asked: Stripe is being asked for one · unknown: its answer was lost · gone: no longer connected to us. */
      c.oneOf('state', ['asked', 'unknown', 'refused', 'made', 'gone']).notNullable()
      table.string('stripe_account', 64).nullable().index()
      table.string('failure', 64).nullable()

      /** What Stripe last said of it, when it was asked, and when it is to be asked again. */
      c.instant('heard_at').nullable()
      c.instant('ask_at').notNullable()
      table.boolean('may_receive').notNullable().defaultTo(false)
      table.boolean('details_submitted').notNullable().defaultTo(false)
      /** JSON list of requirements, as Stripe names them. */
      table.text('wanted').notNullable().defaultTo('[]')
      c.instant('wanted_before_at').nullable()
      table.string('disabled_reason', 64).nullable()
      /** When it could first receive. */
      c.instant('ready_at').nullable()

      /** Who opened it; null when nobody did here. */
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      /** Refused, removed or replaced: no longer the creditor's account. */
      c.instant('ended_at').nullable()
      table.check(`(state = 'made' or state = 'gone') = (stripe_account is not null)`)
      table.check(`state <> 'refused' or ended_at is not null`)
      table.check(`state = 'made' or not may_receive`)
    })
    this.schema.raw(
      'create unique index connected_accounts_one on connected_accounts (creditor_id) where ended_at is null'
    )

    /** The line of the agency's bank that pays the invoice; null when a person wrote it down. */
    this.schema.raw('alter table fee_settlements add column line_id bigint references bank_lines (id)')
    this.schema.raw(
      'create unique index fee_settlements_line on fee_settlements (line_id) where cancelled_at is null'
    )

    /** A transfer of just what a letter asked for finds its file. */
    this.schema.raw('create index letters_asked on letters (total_cents) where total_cents is not null')
  }

  override async down() {
    this.schema.raw('drop index letters_asked')
    this.schema.raw('drop index fee_settlements_line')
    this.schema.raw('alter table fee_settlements drop column line_id')
    this.schema.dropTable('connected_accounts')
  }
}
