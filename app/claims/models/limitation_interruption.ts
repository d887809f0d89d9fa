import { LimitationInterruptionSchema } from '#database/schema'

/** The debtor's signed acknowledgement (C. civ. 2240), a claim in court (2241), an act of enforcement (2244). */
export const INTERRUPTION_KINDS = ['acknowledgement', 'court_claim', 'enforcement'] as const
export type InterruptionKind = (typeof INTERRUPTION_KINDS)[number]

/** What restarts a limitation period besides a payment. A letter never does (rule 38). */
export default class LimitationInterruption extends LimitationInterruptionSchema {
  static override table = 'limitation_interruptions'
  declare kind: InterruptionKind
}
