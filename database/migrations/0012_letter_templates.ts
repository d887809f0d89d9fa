import { BaseSchema } from '@adonisjs/lucid/schema'
import { columns } from '#database/columns'

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** D1 and D2: what letters and messages are written from, for one creditor or for all. */
    this.schema.createTable('letter_templates', (table) => {
      const c = columns(table, dialect)
      c.id()
      /** What a step of a scenario names. */
      table.string('slug', 48).notNullable()
      table.string('name').notNullable()
      /** Null: for every creditor that has none of its own. */
      c.reference('creditor_id', 'creditors').nullable().index()
      c.oneOf('channel', ['letter', 'lrar', 'ere', 'email', 'sms', 'voice']).notNullable()
      c.oneOf('language', ['fr', 'en']).notNullable().defaultTo('fr')
      c.oneOf('audience', ['any', 'b2b', 'b2c']).notNullable().defaultTo('any')
      c.reference('user_id', 'users').nullable()
      c.instant('created_at').notNullable()
    })
    this.schema.raw(
      `create unique index letter_templates_named
       on letter_templates (slug, coalesce(creditor_id, 0), language, audience)`
    )

    this.schema.createTable('template_versions', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('template_id', 'letter_templates').notNullable()
      table.integer('number').notNullable()
      c.oneOf('state', ['draft', 'published']).notNullable().defaultTo('draft')
      table.string('subject').notNullable().defaultTo('')
      table.text('body').notNullable().comment('sanitised HTML with #tags')
      table.string('logo_sha256', 64).nullable().references('sha256').inTable('stored_files')
      /** Rule 12: of everything that decides what is written; given at publication, checked at each rendering. */
      c.sha256('content_sha256').nullable()
      c.reference('user_id', 'users').nullable()
      c.reference('published_by_id', 'users').nullable()
      c.instant('published_at').nullable()
      c.instant('created_at').notNullable()
      c.instant('updated_at').notNullable()
      table.unique(['template_id', 'number'])
      table.check(`state = 'draft' or (content_sha256 is not null and published_at is not null)`)
    })
    this.schema.raw(
      `create unique index template_versions_draft on template_versions (template_id) where state = 'draft'`
    )
    for (const sql of frozen(dialect)) this.schema.raw(sql)

    /** Which words wrote it; null for the built-in ones. */
    for (const table of ['letters', 'deliveries']) {
      this.schema.raw(
        `alter table ${table} add column template_version_id bigint references template_versions (id)`
      )
    }
  }

  override async down() {
    for (const table of ['letters', 'deliveries']) {
      this.schema.raw(`alter table ${table} drop column template_version_id`)
    }
    this.schema.dropTable('template_versions')
    this.schema.dropTable('letter_templates')
    if (this.db.connectionName === 'postgres') {
      this.schema.raw('drop function template_versions_frozen')
    }
  }
}

/** Rule 12: what is published is neither changed nor deleted. */
function frozen(dialect: string): string[] {
  if (dialect === 'postgres') {
    return [
      `create function template_versions_frozen() returns trigger language plpgsql as $$ begin
         if old.state = 'published' then raise exception 'a published template version is frozen'; end if;
         if tg_op = 'DELETE' then return old; end if;
         return new;
       end $$`,
      `create trigger template_versions_frozen before update or delete on template_versions
         for each row execute function template_versions_frozen()`,
    ]
  }
  return ['update', 'delete'].map(
    (verb) => `create trigger template_versions_no_${verb} before ${verb} on template_versions
      when old.state = 'published'
      begin select raise(abort, 'a published template version is frozen'); end`
  )
}
