import { ClosureSchema } from '#database/schema'

/** The end of a file that was not paid in full. */
export default class Closure extends ClosureSchema {
  static override table = 'closures'
  declare reason: 'collected_by_creditor' | 'handed_over' | 'irrecoverable' | 'cancelled' | 'import_undone'
}
