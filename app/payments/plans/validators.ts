import vine from '@vinejs/vine'
import { civilDate, euros, percent } from '#shared/vine_types'
import { PLAN_STATES } from '#payments/plans/models/plan'
import { MOST_MONTHS, PLAN_DAYS } from '#payments/plans/rules'

export const planNote = vine.create({ note: vine.string().trim().maxLength(500).nullable().optional() })

const months = () => vine.number().withoutDecimals().range([2, MOST_MONTHS])
const day = () => vine.number().in([...PLAN_DAYS])

/** What is asked to see a schedule; whatever makes no sense is left out. */
export const planComposer = vine.create({
  months: months().optional(),
  amount: vine.string().trim().maxLength(32).optional(),
  day: day().optional(),
})

/** What is put to the debtor: the schedule and the sum that were shown. */
export const planOffer = vine.create({
  total: vine.number().withoutDecimals().positive(),
  months: months(),
  day: day(),
  reason: vine.string().trim().minLength(10).maxLength(500).nullable().optional(),
})

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
