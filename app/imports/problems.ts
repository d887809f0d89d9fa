import type { CellValue } from '#shared/cells'
import type { Field } from '#imports/fields'

/** Why a row may not enter. */
export const ERROR_CODES = [
  'identity_missing',
  'address_missing',
  'address_incomplete',
  'email_missing',
  'email_invalid',
  'mobile_missing',
  'mobile_invalid',
  'invoice_missing',
  'description_missing',
  'amount_missing',
  'amount_invalid',
  'nothing_due',
  'overpaid',
  'date_missing',
  'date_invalid',
  'date_future',
  'emitter_missing',
] as const

/** What a person should look at on a row that may enter; a duplicate is set aside, not imported. */
export const WARNING_CODES = [
  'siren_checksum',
  'mobile_unusual',
  'due_mismatch',
  'name_reformatted',
  'duplicate_invoice',
  'row_hidden',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]
export type WarningCode = (typeof WARNING_CODES)[number]

export type Problem = {
  field: Field
  /** The header as it is in the sheet. */
  column: string
} & (
  { level: 'error'; code: ErrorCode; hint?: string } | { level: 'warning'; code: WarningCode; hint?: string }
)

/** A value that was normalised: what the sheet says and what will be used instead. */
export type Change = { field: Field; column: string; before: string; after: string }

/** What a normaliser found in one cell; `hint` completes the problem's sentence (`gmail.com`). */
export type Reading<T, Code> =
  { ok: true; value: T; warning?: WarningCode; hint?: string } | { ok: false; code: Code; hint?: string }

export type Cells = readonly CellValue[]
