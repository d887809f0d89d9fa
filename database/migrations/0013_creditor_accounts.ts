import { BaseSchema } from '@adonisjs/lucid/schema'
import { widenOneOf } from '#database/widen_check'

/** Where money that never comes to the agency stands (posting.ts). */
const ACCOUNTS = ['creditor_account', 'creditor_paid', 'creditor_surplus']

export default class extends BaseSchema {
  override async up() {
    const flag = this.db.connectionName === 'postgres' ? 'false' : '0'

    /** The creditor's own Stripe account: what is paid online for it goes there. */
    this.schema.raw(
      `alter table creditors add column stripe_account varchar(64) check (stripe_account like 'acct!_%' escape '!')`
    )

    /** The account the money went to when it is not the dedicated one: it is then not held. */
    this.schema.raw('alter table payments add column destination_account varchar(64)')

    /** An account of what the creditor got by itself: nothing is transferred, only the fee is invoiced. */
    this.schema.raw(`alter table remittances add column direct boolean not null default ${flag}`)

    this.defer((client) => widenOneOf(client, 'postings', 'debit_account', ACCOUNTS))
    this.defer((client) => widenOneOf(client, 'postings', 'credit_account', ACCOUNTS))
  }

  /** The ledger keeps the words it may hold: what was posted under them stays. */
  override async down() {
    this.schema.raw('alter table remittances drop column direct')
    this.schema.raw('alter table payments drop column destination_account')
    this.schema.raw('alter table creditors drop column stripe_account')
  }
}
