import type { Cents } from '#shared/money'
import type { ErrorCode, WarningCode } from '#imports/problems'

/** The contract's shape of an import's outcome; `rejected` and `warnings` name the sheet's rows and headers. */
export type Summary = {
  rows: number
  claims: number
  b2b: number
  b2c: number
  merged: number
  principalCents: Cents
  rejected: Finding<ErrorCode>[]
  warnings: Finding<WarningCode>[]
}

export type Finding<Code> = { row: number; column: string; code: Code; message: string }
