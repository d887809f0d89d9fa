import { BankStatementSchema } from '#database/schema'
import type { RefusalCode, StatementFormat } from '#banking/statements/statement'

/** A file of the bank's, kept as it came. received: to be read · recorded: its lines are known · refused: none of them entered. */
export default class BankStatement extends BankStatementSchema {
  static override table = 'bank_statements'
  declare format: StatementFormat | null
  declare state: 'received' | 'recorded' | 'refused'
  declare refusal: RefusalCode | null
}
