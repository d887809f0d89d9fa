import vine from '@vinejs/vine'
import { civilDate } from '#shared/vine_types'
import { LETTER_STATES } from '#letters/models/letter'

/** What a step of a scenario names a template by. */
export const SLUG = /^[a-z][a-z0-9_]{1,47}$/

/** A pile printed in one go from a page; the command prints any number. */
const MOST_AT_ONCE = 500

const refs = () => vine.array(vine.string().trim().maxLength(48)).minLength(1).maxLength(MOST_AT_ONCE)

/** A filter that makes no sense is dropped from the list rather than refused. */
export const letterFilters = vine.create(
  vine.object({
    state: vine.enum(LETTER_STATES).optional(),
    kind: vine.enum(['simple', 'lrar'] as const).optional(),
    on: civilDate().optional(),
    q: vine.string().trim().maxLength(120).optional(),
    page: vine.number().min(1).max(100_000).optional(),
  })
)

export const printForm = vine.create(vine.object({ refs: refs(), duplex: vine.accepted().optional() }))

export const dispatchesForm = vine.create(vine.object({ refs: refs() }))

/** The number on the slip: `2C 123 456 7890 1`, `1A 123 456 789 01`… kept without spaces. */
export const dispatchForm = vine.create(
  vine.object({
    registered_number: vine
      .string()
      .trim()
      .transform((typed) => typed.replace(/[\s.]/g, '').toUpperCase())
      .optional(),
  })
)

export const previewQuery = vine.create(
  vine.object({ template: vine.string().trim().regex(SLUG).optional() })
)
