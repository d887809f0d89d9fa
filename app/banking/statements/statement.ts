import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'

export const STATEMENT_FORMATS = ['camt053', 'cfonb120', 'csv'] as const
export type StatementFormat = (typeof STATEMENT_FORMATS)[number]

/** One movement of an account, as its bank tells it. */
export type ReadLine = {
  /** An IBAN, or what the format has instead; empty when the file does not say. */
  account: string
  bookedOn: CivilDate
  valueOn: CivilDate | null
  /** Positive for money that came. */
  amountCents: Cents
  /** Kept by the banks on the way: the sender paid that much more. */
  chargesCents: Cents
  label: string
  counterparty: string | null
  counterpartyIban: string | null
  /** The structured creditor reference (ISO 11649), as it was carried. */
  reference: string | null
  endToEndId: string | null
  /** The bank's own reference of the movement, when it has one that no other movement has. */
  bankReference: string | null
  /** The bank's code of what it is. */
  operation: string | null
  /** Undoes a movement that came before: a transfer sent back, a debit refused. */
  isReturn: boolean
  /** Several payments booked as one, which the file does not tell apart. */
  isBatch: boolean
  /** The text of the file that says so. */
  raw: string
}

/** What the bank says is on an account at the end of a day, or before the next begins. */
export type ReadBalance = { on: CivilDate; cents: Cents }

/** The balances of an account around some lines; a file may lack either. */
export type ReadPeriod = { account: string; opening: ReadBalance | null; closing: ReadBalance | null }

/** What a reader gives, piece by piece. */
export type ReadPart = ReadLine | ReadPeriod

export type ReadStatement = { lines: ReadLine[]; periods: ReadPeriod[] }

/** Lines that may not be read at once: a file is never larger. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024
export const MAX_LINES = 200_000

/** Why a statement is not read, each with its sentence in the `statements.refusals` words. */
export const REFUSALS = [
  'empty',
  'too_large',
  'too_many_lines',
  'unknown_format',
  'spreadsheet',
  'document',
  'encoding',
  'damaged_xml',
  'doctype',
  'not_camt053',
  'not_pain002',
  'date_missing',
  'date_invalid',
  'amount_missing',
  'amount_invalid',
  'sign_invalid',
  'currency',
  'line_length',
  'line_code',
  'line_order',
  'account_differs',
  'balance_differs',
  'balance_missing',
  'no_columns',
  'both_columns',
  'damaged_csv',
] as const
export type RefusalCode = (typeof REFUSALS)[number]

/**
 * The file cannot be read, so nothing of it enters. `at` is the line or row of the file, or the
 * entry when it is XML; `text` is what stands there.
 */
export class UnreadableStatement extends Error {
  override name = 'UnreadableStatement'

  constructor(
    readonly code: RefusalCode,
    readonly at: number | null = null,
    readonly text: string | null = null
  ) {
    super([code, at, text].filter((part) => part !== null).join(' '))
  }
}

/** What banks write where there is nothing to say. */
const NOTHING = /^(?:not ?provided|notprovided|none|nonref|n\/?a|0+|-+)?$/i

/** A text on one line, or null when it says nothing. */
export function said(text: string | null | undefined): string | null {
  const line = (text ?? '').replace(/\s+/g, ' ').trim()
  return NOTHING.test(line) ? null : line
}
