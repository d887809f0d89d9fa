import type { MailingState } from '#registered_mail/providers/provider'

/** `status` of a sending, and of its one recipient. Null: nothing new (PENDING, DRAFT). */
export const SENDING_STATES: Readonly<Record<string, MailingState>> = {
  ACCEPTED: 'provider_accepted',
  PREPARING: 'provider_accepted',
  PROCESSED: 'printed',
  /** « certains destinataires n’étaient pas valides »: a sending of ours has one. */
  PROCESSED_WITH_ERRORS: 'provider_rejected',
  REJECTED: 'provider_rejected',
  SENDING_REJECTED: 'provider_rejected',
  CANCELED: 'cancelled',
  ARCHIVED: 'printed',
}

/** `category` of a main delivery status; UNDELIVERED is said by its reason. */
export const DELIVERY_STATES: Readonly<Record<string, MailingState>> = {
  DELIVERING: 'handed_over',
  FIRST_PRESENTATION: 'first_presentation',
  DELIVERED: 'delivered',
}

/**
 * `undelivered_mail_reason`: N02 unknown at this address, N03 not claimed, N05
 * refused, N07 no access or a wrong address. N04 (deceased), N06 (could not sign) and N10 (simple
 * mail) were registered_mail v2's and mail v2's.
 */
export const UNDELIVERED_REASONS: Readonly<Record<string, MailingState>> = {
  N02: 'undeliverable',
  N03: 'unclaimed',
  N04: 'undeliverable',
  N05: 'refused',
  N06: 'undeliverable',
  N07: 'undeliverable',
  N10: 'undeliverable',
}

/**
 * `code` of a delivery status, as listed in registered_mail v4. Left out:
 * what says nothing of a state (LP05–LP07, LP11–LP13, LP18, LP23, LP26, LP00), and returns whose
 * cause is not told (LP17, LP24, LP27).
 */
export const LP_STATES: Readonly<Record<string, MailingState>> = {
  LP01: 'handed_over',
  LP02: 'printed',
  LP03: 'handed_over',
  LP04: 'handed_over',
  LP08: 'awaiting_pickup',
  LP09: 'first_presentation',
  LP10: 'first_presentation',
  LP14: 'handed_over',
  LP15: 'delivered',
  LP16: 'delivered',
  LP19: 'unclaimed',
  LP20: 'undeliverable',
  LP21: 'undeliverable',
  LP22: 'refused',
  LP25: 'unclaimed',
  LP28: 'delivered',
  LP29: 'delivered',
}
