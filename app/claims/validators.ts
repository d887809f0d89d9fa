import vine from '@vinejs/vine'
import { isCivilDate } from '#shared/clock'
import { CLAIM_STATUSES } from '#claims/models/claim'
import { CLOSURE_REASONS } from '#claims/models/closure'
import { amountTyped } from '#claims/queries/claim_list'
import { DISPUTE_OUTCOMES } from '#claims/models/dispute'

/** The debtor reads the answer: only a withdrawal, which is theirs, may go without one. */
export const disputeResolution = vine.create({
  outcome: vine.enum(DISPUTE_OUTCOMES),
  answer: vine
    .string()
    .trim()
    .minLength(10)
    .maxLength(4000)
    .nullable()
    .optional()
    .requiredWhen('outcome', 'in', ['upheld', 'rejected']),
})

const civilDate = vine.createRule((value, _, field) => {
  if (typeof value === 'string' && !isCivilDate(value)) {
    field.report('The {{ field }} field must be a date written YYYY-MM-DD', 'civil_date', field)
  }
})

const amount = vine.createRule((value, _, field) => {
  if (typeof value !== 'string') return
  if (amountTyped(value) === null) field.report('The {{ field }} field must be an amount', 'amount', field)
})

/** A filter that makes no sense is dropped from the list rather than refused. */
export const claimFilters = vine.create(
  vine.object({
    status: vine.enum(CLAIM_STATUSES).optional(),
    creditor: vine.string().trim().maxLength(32).optional(),
    from: vine.string().use(civilDate()).optional(),
    to: vine.string().use(civilDate()).optional(),
    min: vine
      .string()
      .use(amount())
      .transform((typed) => amountTyped(typed)!)
      .optional(),
    max: vine
      .string()
      .use(amount())
      .transform((typed) => amountTyped(typed)!)
      .optional(),
    q: vine.string().trim().maxLength(120).optional(),
    order: vine.enum(['oldest', 'newest', 'largest', 'activity'] as const).optional(),
    page: vine.number().min(1).max(100_000).optional(),
  })
)

export const pauseForm = vine.create(
  vine.object({
    reason: vine.string().trim().minLength(3).maxLength(200),
    until_on: vine.string().use(civilDate()).optional(),
  })
)

export const closureForm = vine.create(
  vine.object({
    reason: vine.enum(CLOSURE_REASONS),
    note: vine.string().trim().maxLength(2000).optional(),
  })
)
