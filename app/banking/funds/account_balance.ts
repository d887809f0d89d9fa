import { AccountBalanceSchema } from '#database/schema'

/** What the bank says is on the dedicated account at the end of a day; the last one given for a day counts. */
export default class AccountBalance extends AccountBalanceSchema {
  static override table = 'account_balances'
  declare source: 'typed' | 'statement'
}
