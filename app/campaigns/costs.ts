import type { StepChannel } from '#campaigns/models/scenario_step'

/**
 * La Poste's public prices of 2026 for a letter of 20 g (R1 with advice of receipt), in cents: an estimate for the operator,
 * never a line of the debtor's. To be checked each January.
 */
const POSTAGE_CENTS: Record<StepChannel, number> = { letter: 152, lrar: 746, email: 0, hand_over: 0 }

export const postageCents = (channel: StepChannel) => POSTAGE_CENTS[channel]
