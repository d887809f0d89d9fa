import vine from '@vinejs/vine'
import { box, civilDate, euros } from '#shared/vine_types'
import { LINE_STATES } from '#banking/models/bank_line'
import { STATEMENT_FORMATS } from '#banking/statements/statement'

/** Several files of one line, at most. */
export const MOST_PARTS = 6

/** The content says what a statement is: banks name their files in every way. */
export const statementUpload = vine.create({
  file: vine.file({ size: '25mb' }),
  format: vine.enum(STATEMENT_FORMATS).optional(),
})

/** A filter that makes no sense is dropped from the list rather than refused. */
export const lineFilters = vine.create(
  vine.object({
    state: vine.enum(LINE_STATES).optional(),
    statement: vine.string().trim().maxLength(32).optional(),
    from: civilDate().optional(),
    to: civilDate().optional(),
    q: vine.string().trim().maxLength(120).optional(),
    page: vine.number().min(1).max(100_000).optional(),
  })
)

/** Rows left empty are no part of it. */
export const matchForm = vine.create({
  parts: vine
    .array(
      vine.object({
        claim: vine.string().trim().toUpperCase().maxLength(32).nullable().optional(),
        amount: euros().nullable().optional(),
      })
    )
    .minLength(1)
    .maxLength(MOST_PARTS),
})

export const reasonForm = vine.create({ reason: vine.string().trim().minLength(3).maxLength(200) })

export const returnForm = vine.create({ match: vine.number().withoutDecimals().min(1) })

export const rulesForm = vine.create({
  byReference: box(),
  byFileReference: box(),
  byEndToEnd: box(),
  byIbanAmount: box(),
  surplus: box(),
  holdDays: vine.number().withoutDecimals().range([0, 30]),
})
