import { MAILING_STATES, type MailingState } from '#registered_mail/providers/provider'

/**
 * How far each state is, the ends last. Among ends, the stronger evidence of what happened at the
 * door is the further: what a mailing becomes does not depend on the order in which it is told.
 */
const ORDER: readonly MailingState[] = [
  ...MAILING_STATES.slice(0, MAILING_STATES.indexOf('delivered') + 1),
  'cancelled',
  'provider_rejected',
  'notification_failed',
  'undeliverable',
  'unclaimed',
  'refused',
  'delivered_signed',
]

const RANK = new Map(ORDER.map((state, rank) => [state, rank]))

const rankOf = (state: MailingState) => RANK.get(state)!

/** Rule 50: a mailing goes forward or stays, whatever comes when. */
export const further = (one: MailingState, other: MailingState): MailingState =>
  rankOf(other) > rankOf(one) ? other : one

/** Never left for anything before it. */
export const isEnd = (state: MailingState) => rankOf(state) > rankOf('delivered')

/** Out of our hands: printed or sent by its carrier, whatever became of it then. */
export const hasLeft = (state: MailingState) =>
  rankOf(state) >= rankOf('printed') &&
  !['cancelled', 'provider_rejected', 'notification_failed'].includes(state)

/** It never left: a person may send it another way. */
export const NEVER_LEFT = ['cancelled', 'provider_rejected'] as const satisfies MailingState[]

/** It came back, or waits at the post office for ever: its addressee has not read it. */
export const NOT_IN_HAND = ['undeliverable', 'unclaimed', 'refused'] as const satisfies MailingState[]

/** The carrier will say nothing more, or nothing that matters. */
export const OVER: readonly MailingState[] = ORDER.filter((state) => isEnd(state))

/** The letter was shown to its addressee: what was in their hands, and when it first was. */
export const PRESENTED: readonly MailingState[] = [
  'first_presentation',
  'awaiting_pickup',
  'delivered',
  'delivered_signed',
  'refused',
]

/** One letter has one of these; two are a contradiction that a person must look at. */
const OUTCOMES: Partial<Record<MailingState, string>> = {
  delivered: 'delivered',
  delivered_signed: 'delivered',
  refused: 'refused',
  unclaimed: 'unclaimed',
  undeliverable: 'undeliverable',
  notification_failed: 'undeliverable',
}

export const outcomeOf = (state: MailingState): string | null => OUTCOMES[state] ?? null
