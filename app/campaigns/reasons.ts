/** Why a file is left out of a campaign, or an action will never go. */
export const SKIP_REASONS = [
  'paid',
  'closed',
  'prescribed',
  'campaign_cancelled',
  'email_missing',
  'email_bounced',
  'message_unwritten',
  'superseded',
  'staff_in_talks',
  'staff_payment_announced',
  'staff_wrong_contact',
  'staff_other',
] as const

/** Why an action waits; it is looked at again at `due_at`. */
export const DEFER_REASONS = [
  'disputed',
  'paused',
  'insurance_missing',
  'insurance_expired',
  'dedicated_account_missing',
  'declaration_missing',
  'mandate_missing',
  'consent_missing',
  'carrier_missing',
  'address_missing',
  'address_undeliverable',
  'first_letter_pending',
  'transfer_waiting',
  'outside_hours',
  'contact_cap',
  'by_staff',
] as const

/** Why an action failed after it was tried. */
export const FAIL_REASONS = ['letter_failed', 'delivery_failed'] as const

export type SkipReason = (typeof SKIP_REASONS)[number]
export type DeferReason = (typeof DEFER_REASONS)[number]
export type Reason = SkipReason | DeferReason | (typeof FAIL_REASONS)[number]

/** What a person may answer when they take an action out. */
export const STAFF_SKIP_REASONS = [
  'staff_in_talks',
  'staff_payment_announced',
  'staff_wrong_contact',
  'staff_other',
] as const satisfies SkipReason[]

export type StaffSkipReason = (typeof STAFF_SKIP_REASONS)[number]
