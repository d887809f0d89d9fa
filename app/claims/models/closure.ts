import { ClosureSchema } from '#database/schema'

/** What a person may give as the reason; `import_undone` is the system's. */
export const CLOSURE_REASONS = ['collected_by_creditor', 'handed_over', 'irrecoverable', 'cancelled'] as const
export type ClosureReason = (typeof CLOSURE_REASONS)[number] | 'import_undone'

/** Those after which the debtor owes us nothing: what still comes is theirs to have back. */
export const DEBT_ENDING_REASONS: readonly ClosureReason[] = [
  'collected_by_creditor',
  'cancelled',
  'import_undone',
]

export default class Closure extends ClosureSchema {
  static override table = 'closures'
  declare reason: ClosureReason
}
