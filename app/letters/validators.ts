import vine from '@vinejs/vine'
import { LETTER_KINDS } from '#letters/letter_content'
import type { Infer } from '@vinejs/vine/types'
import { civilDate } from '#shared/vine_types'
import type { LetterSelection } from '#letters/queries/letter_selection'
import { LETTER_VIEWS } from '#letters/queries/letter_filters'
import { tidyRegisteredNumber } from '#letters/registered_number'
import { TEMPLATE_CHANNELS } from '#letters/templates/channels'
import { AUDIENCES } from '#letters/templates/forbidden'
import { LANGUAGES } from '#letters/templates/language'

/** What a step of a scenario names a template by. */
export const SLUG = /^[a-z][a-z0-9_]{1,47}$/

/** A page of a list shows far fewer. */
const MOST_AT_ONCE = 500

/** An archive of so many stays below what its format can hold. */
export const MOST_IN_A_BATCH = 30_000

const refs = () => vine.array(vine.string().trim().maxLength(48)).minLength(1).maxLength(MOST_AT_ONCE)

/** Those ticked, or with `all` everything that the filters let through, or what a campaign wrote. */
export const batchForm = vine.create(
  vine.object({
    refs: refs().optional(),
    campaign: vine.string().trim().maxLength(32).optional(),
    all: vine.accepted().optional(),
    state: vine.enum(LETTER_VIEWS).optional(),
    mailing: vine.string().trim().maxLength(32).optional(),
    kind: vine.enum(LETTER_KINDS).optional(),
    on: civilDate().optional(),
    q: vine.string().trim().maxLength(120).optional(),
    duplex: vine.accepted().optional(),
    address_sheets: vine.accepted().optional(),
  })
)

export function selectionOf(form: Infer<typeof batchForm>): LetterSelection {
  const { refs: ticked = [], campaign, all, state, mailing, kind, on, q } = form
  if (campaign) return { campaign }
  return all ? { matching: { state, mailing, kind, on, q } } : { refs: ticked }
}

export const dispatchesForm = vine.create(vine.object({ refs: refs() }))

/** The number on the slip: `2C 123 456 7890 1`, `1A 123 456 789 01`… kept without spaces. */
export const dispatchForm = vine.create(
  vine.object({
    registered_number: vine.string().trim().transform(tidyRegisteredNumber).optional(),
  })
)

export const previewQuery = vine.create(
  vine.object({
    template: vine.string().trim().regex(SLUG).optional(),
    kind: vine.enum(LETTER_KINDS).optional(),
  })
)

/** Longer than any letter: what is typed is read in one pass, but not for ever. */
const LONGEST_TEMPLATE = 60_000

export const templateForm = vine.create(
  vine.object({
    name: vine.string().trim().minLength(2).maxLength(120),
    slug: vine.string().trim().toLowerCase().regex(SLUG),
    /** A reference; empty for all. */
    creditor: vine.string().trim().maxLength(32).optional(),
    channel: vine.enum(TEMPLATE_CHANNELS),
    language: vine.enum(LANGUAGES),
    audience: vine.enum(AUDIENCES),
    copy: vine.number().positive().withoutDecimals().optional(),
  })
)

export const draftForm = vine.create(
  vine.object({
    /** Nothing leaves the name as it is. */
    name: vine.string().trim().maxLength(120).optional(),
    subject: vine.string().trim().maxLength(200).optional(),
    body: vine.string().maxLength(LONGEST_TEMPLATE).optional(),
    /** The file it is tried on. */
    claim: vine.string().trim().maxLength(48).optional(),
  })
)

export const previewFile = vine.create(
  vine.object({
    claim: vine.string().trim().maxLength(48).optional(),
    version: vine.number().positive().withoutDecimals().optional(),
  })
)
