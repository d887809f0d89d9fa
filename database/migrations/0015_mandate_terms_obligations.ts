import { BaseSchema } from '@adonisjs/lucid/schema'

export default class extends BaseSchema {
  override async up() {
    /** Terms that a mandate carries for the files taken under it; without one, for all its creditor's files. */
    this.schema.raw('alter table contract_terms add column mandate_id bigint references mandates (id)')
    this.schema.raw(
      'create unique index contract_terms_mandate on contract_terms (mandate_id) where mandate_id is not null'
    )
    /** What a file took as it was imported. */
    this.schema.raw('alter table claims add column contract_term_id bigint references contract_terms (id)')
  }

  override async down() {
    this.schema.raw('alter table claims drop column contract_term_id')
    this.schema.raw('drop index contract_terms_mandate')
    this.schema.raw('alter table contract_terms drop column mandate_id')
  }
}
