import { BaseSchema } from '@adonisjs/lucid/schema'

export default class extends BaseSchema {
  override async up() {
    const flag = this.db.connectionName === 'postgres' ? 'false' : '0'

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
  }

  override async down() {
    this.schema.raw('alter table mandates drop column plans_beyond_rules')
    for (const column of ['beyond_reason', 'offer_file_sha256', 'offered_text', 'offered_by_id']) {
      this.schema.raw(`alter table plans drop column ${column}`)
    }
    this.schema.raw('alter table claims drop column contract_term_id')
    this.schema.raw('drop index contract_terms_mandate')
    this.schema.raw('alter table contract_terms drop column mandate_id')
  }
}
