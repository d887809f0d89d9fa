import vine from '@vinejs/vine'
import { tidyRegisteredNumber } from '#letters/registered_number'
import { TEMPLATE_CHANNELS } from '#letters/templates/channels'
import { AUDIENCES } from '#letters/templates/forbidden'
import { LANGUAGES } from '#letters/templates/language'

/** What a step of a scenario names a template by. */
export const SLUG = /^[a-z][a-z0-9_]{1,47}$/

/** A pile printed in one go from a page; the command prints any number. */
const MOST_AT_ONCE = 500

const refs = () => vine.array(vine.string().trim().maxLength(48)).minLength(1).maxLength(MOST_AT_ONCE)

export const printForm = vine.create(vine.object({ refs: refs(), duplex: vine.accepted().optional() }))

export const dispatchesForm = vine.create(vine.object({ refs: refs() }))

/** The number on the slip: `2C 123 456 7890 1`, `1A 123 456 789 01`… kept without spaces. */
export const dispatchForm = vine.create(
  vine.object({
    registered_number: vine.string().trim().transform(tidyRegisteredNumber).optional(),
  })
)

export const previewQuery = vine.create(
  vine.object({ template: vine.string().trim().regex(SLUG).optional() })
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
