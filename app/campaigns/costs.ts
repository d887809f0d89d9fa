import { POSTAGE_CENTS } from '#letters/postage'
import type { StepChannel } from '#campaigns/models/scenario_step'

const COST_CENTS: Record<StepChannel, number> = {
  letter: POSTAGE_CENTS.simple,
  lrar: POSTAGE_CENTS.lrar,
  ere: POSTAGE_CENTS.ere,
  lre: POSTAGE_CENTS.lre,
  email: 0,
  hand_over: 0,
}

export const postageCents = (channel: StepChannel) => COST_CENTS[channel]
