/**
 * draft: its PDF is not sealed yet · deposited: sealed, not notified · notified: the period runs ·
 * notification_failed: the notice did not arrive, so no period runs · identified: a code sent to its address was
 * entered · accepted · received: the letter was handed over · signed · refused · expired: unclaimed ·
 * cancelled: its file stopped before the notice left · replaced: by a registered letter on paper.
 */
export const ERE_STATES = [
  'draft',
  'deposited',
  'notified',
  'notification_failed',
  'identified',
  'accepted',
  'received',
  'signed',
  'refused',
  'expired',
  'cancelled',
  'replaced',
] as const
export type EreState = (typeof ERE_STATES)[number]

/**
 * Where each state may lead; whatever is not here is an end or a step back, and never happens (rule 50).
 * A notice whose fate is unknown, or that bounced, may have been read all the same: an answer proves it.
 */
const LEADS_TO: Record<EreState, readonly EreState[]> = {
  draft: ['deposited', 'cancelled'],
  deposited: ['notified', 'notification_failed', 'identified', 'cancelled'],
  notified: ['notification_failed', 'identified', 'expired', 'cancelled'],
  notification_failed: ['notified', 'identified', 'cancelled', 'replaced'],
  identified: ['accepted', 'refused', 'expired', 'cancelled', 'replaced'],
  accepted: ['received'],
  received: ['signed'],
  signed: [],
  refused: [],
  expired: [],
  cancelled: [],
  replaced: [],
}

export const mayBecome = (from: EreState, to: EreState) => LEADS_TO[from].includes(to)

/** The recipient may still say yes or no. */
export const ANSWERABLE = [
  'deposited',
  'notified',
  'notification_failed',
  'identified',
] as const satisfies EreState[]
export const isAnswerable = (state: EreState) => (ANSWERABLE as readonly EreState[]).includes(state)

/** The period runs and nobody has answered. */
export const RUNNING = ['notified', 'identified'] as const satisfies EreState[]

/** The letter is the recipient's: it was accepted. */
export const OPENED = ['accepted', 'received', 'signed'] as const satisfies EreState[]
export const isOpened = (state: EreState) => (OPENED as readonly EreState[]).includes(state)
