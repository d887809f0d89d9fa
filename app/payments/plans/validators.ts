import vine from '@vinejs/vine'
import { civilDate, euros, percent } from '#shared/vine_types'
import { PLAN_STATES } from '#payments/plans/models/plan'

export const planNote = vine.create({ note: vine.string().trim().maxLength(500).nullable().optional() })

export const promiseForm = vine.create({ amount: euros(), due_on: civilDate() })

export const offerForm = vine.create({
  discount: percent(),
  valid_days: vine.number().withoutDecimals().range([1, 90]),
})

/** A filter that makes no sense is dropped from the list rather than refused. */
export const planFilters = vine.create(
  vine.object({
    state: vine.enum([...PLAN_STATES, 'late'] as const).optional(),
    creditor: vine.string().trim().maxLength(32).optional(),
    page: vine.number().min(1).max(100_000).optional(),
  })
)
