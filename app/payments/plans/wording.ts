import type { PlanState } from '#payments/plans/models/plan'

const TONES: Record<PlanState, string> = {
  proposed: 'accent',
  accepted: 'open',
  active: 'good',
  completed: 'good',
  broken: 'wait',
  lapsed: 'none',
  refused: 'none',
  cancelled: 'none',
}

/** How a plan's state looks in a badge. */
export const planTone = (state: PlanState) => TONES[state]
