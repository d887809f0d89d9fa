import { BaseSchema } from '@adonisjs/lucid/schema'
import { appendOnly, columns } from '#database/columns'

const TYPES = [
  'consent.recorded',
  'letter.deposited',
  'letter.posted',
  'notification.sent',
  'notification.relayed',
  'notification.bounced',
  'notification.complained',
  'page.fetched',
  'identity.code_sent',
  'identity.failed',
  'identity.verified',
  'letter.accepted',
  'letter.refused',
  'content.handed_over',
  'content.viewed',
  'letter.signed',
  'letter.expired',
  'letter.cancelled',
  'fallback.paper',
]

const FIRST = '0'.repeat(64)

export default class extends BaseSchema {
  override async up() {
    const dialect = this.db.connectionName

    /** One letter's log of evidence, opened once what is sent is fixed. */
    this.schema.createTable('evidence_chains', (table) => {
      const c = columns(table, dialect)
      c.reference('letter_id', 'letters').notNullable().primary()
      /** What is sent: the sealed letter, or the rendered one when it leaves on paper. */
      table.string('content_sha256', 64).notNullable().references('sha256').inTable('stored_files')
      table.string('rendered_sha256', 64).notNullable().references('sha256').inTable('stored_files')
      /** The level of the seal that the content bears, as found in it; none on paper. */
      c.oneOf('level', ['B-B', 'B-T', 'B-LT', 'B-LTA']).nullable()
      c.instant('opened_at').notNullable()
    })

    /** One event is one line, kept byte for byte; each names the one before by its SHA-256. */
    this.schema.createTable('evidence_events', (table) => {
      const c = columns(table, dialect)
      c.id()
      table
        .bigInteger('letter_id')
        .notNullable()
        .references('letter_id')
        .inTable('evidence_chains')
        .onDelete('RESTRICT')
      table.integer('seq').notNullable()
      c.oneOf('type', TYPES).notNullable()
      c.instant('at').notNullable()
      table.text('line').notNullable().comment('canonical JSON, RFC 8785')
      c.sha256('hash').notNullable().unique()
      c.sha256('prev').notNullable()
      table.unique(['letter_id', 'seq'])
      table.check('seq >= 1')
      table.check(`(seq = 1) = (prev = '${FIRST}')`)
      table.check(`substr(line, 1, 1) = '{'`)
    })
    for (const sql of linked(dialect)) this.schema.raw(sql)

    /** A Merkle root (RFC 6962) over the heads of all chains up to an event, and over the root before. */
    this.schema.createTable('evidence_anchors', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.sha256('root').notNullable()
      c.sha256('previous').notNullable()
      table.integer('chains').notNullable()
      table.bigInteger('last_event_id').notNullable()
      c.instant('made_at').notNullable()
      table.check('chains >= 1')
    })

    /** What a timestamp authority must date: waiting until its token has been checked. */
    this.schema.createTable('evidence_stamps', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.reference('event_id', 'evidence_events').nullable().unique()
      c.reference('anchor_id', 'evidence_anchors').nullable().unique()
      c.sha256('digest').notNullable()
      c.oneOf('state', ['waiting', 'stamped']).notNullable().defaultTo('waiting')
      table.integer('attempts').notNullable().defaultTo(0)
      c.instant('not_before_at').notNullable()
      table.string('problem', 200).nullable()
      table.text('response').nullable().comment('TimeStampResp, base64')
      c.instant('dated_at').nullable()
      table.string('authority', 300).nullable()
      c.instant('created_at').notNullable()
      table.check('(event_id is null) <> (anchor_id is null)')
      table.check(`(state = 'stamped') = (response is not null)`)
      table.check(`(state = 'stamped') = (dated_at is not null)`)
    })
    this.schema.raw(
      `create index evidence_stamps_waiting on evidence_stamps (not_before_at, id) where state = 'waiting'`
    )

    /** The installation's own authority and the certificates it issued, keys encrypted with APP_KEY. */
    this.schema.createTable('seal_certificates', (table) => {
      const c = columns(table, dialect)
      c.id()
      c.oneOf('kind', ['authority', 'seal']).notNullable()
      table.text('certificate').notNullable().comment('PEM')
      table.text('key_encrypted').notNullable()
      table.text('revocations').nullable().comment('PEM of the list that the authority signed')
      c.instant('valid_until_at').notNullable()
      c.instant('created_at').notNullable()
    })
    this.schema.raw(
      `create unique index seal_certificates_authority on seal_certificates (kind) where kind = 'authority'`
    )

    for (const table of ['evidence_chains', 'evidence_events', 'evidence_anchors']) {
      for (const sql of appendOnly(table, dialect)) this.schema.raw(sql)
    }
    for (const sql of settledOnce(dialect)) this.schema.raw(sql)
    if (dialect === 'postgres') {
      for (const table of ['evidence_chains', 'evidence_events', 'evidence_anchors']) {
        this.schema.raw(
          `create trigger ${table}_no_truncate before truncate on ${table} execute function ${table}_append_only()`
        )
      }
    }
  }

  override async down() {
    const postgres = this.db.connectionName === 'postgres'
    for (const name of [
      'seal_certificates',
      'evidence_stamps',
      'evidence_anchors',
      'evidence_events',
      'evidence_chains',
    ]) {
      this.schema.dropTable(name)
    }
    if (!postgres) return
    for (const name of [
      'evidence_chains_append_only',
      'evidence_events_append_only',
      'evidence_anchors_append_only',
      'evidence_events_linked',
      'evidence_stamps_settled',
    ]) {
      this.schema.raw(`drop function ${name}()`)
    }
  }
}

/** An event enters only at the end of its chain, on the hash of the one before. */
function linked(dialect: string): string[] {
  const astray = `new.seq > 1 and not exists (
    select 1 from evidence_events e
    where e.letter_id = new.letter_id and e.seq = new.seq - 1 and e.hash = new.prev)`
  const message = 'an event must follow the last one of its chain'
  if (dialect === 'postgres') {
    return [
      `create function evidence_events_linked() returns trigger language plpgsql as $$ begin
         if ${astray} then raise exception '${message}'; end if; return new; end $$`,
      `create trigger evidence_events_linked before insert on evidence_events
         for each row execute function evidence_events_linked()`,
    ]
  }
  return [
    `create trigger evidence_events_linked before insert on evidence_events
       when ${astray} begin select raise(abort, '${message}'); end`,
  ]
}

/** A token, once there, is neither replaced nor taken away. */
function settledOnce(dialect: string): string[] {
  const message = 'a timestamp is kept as it came'
  if (dialect === 'postgres') {
    return [
      `create function evidence_stamps_settled() returns trigger language plpgsql as $$ begin
         if tg_op = 'UPDATE' then
           if old.state = 'waiting' and new.digest = old.digest then return new; end if;
         end if;
         raise exception '${message}'; end $$`,
      `create trigger evidence_stamps_settled before update or delete on evidence_stamps
         for each row execute function evidence_stamps_settled()`,
      `create trigger evidence_stamps_no_truncate before truncate on evidence_stamps
         execute function evidence_stamps_settled()`,
    ]
  }
  return [
    `create trigger evidence_stamps_no_update before update on evidence_stamps
       when old.state <> 'waiting' or new.digest <> old.digest begin select raise(abort, '${message}'); end`,
    `create trigger evidence_stamps_no_delete before delete on evidence_stamps
       begin select raise(abort, '${message}'); end`,
  ]
}
