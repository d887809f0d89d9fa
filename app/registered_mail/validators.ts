import vine from '@vinejs/vine'
import { box, civilDate } from '#shared/vine_types'
import { ERE_STATES } from '#registered_mail/ere/states'
import { MAILING_STATES } from '#registered_mail/providers/provider'
import { LETTER_KINDS } from '#letters/letter_content'
import { LETTER_VIEWS } from '#letters/queries/letter_filters'
import { ROUTES } from '#registered_mail/routing'

/** A filter that makes no sense is dropped from the list rather than refused. */
export const letterFilters = vine.create(
  vine.object({
    state: vine.enum(LETTER_VIEWS).optional(),
    mailing: vine.enum(MAILING_STATES).optional(),
    ere: vine.enum(ERE_STATES).optional(),
    kind: vine.enum(LETTER_KINDS).optional(),
    on: civilDate().optional(),
    q: vine.string().trim().maxLength(120).optional(),
    page: vine.number().min(1).max(100_000).optional(),
  })
)

/** A table of many slips: what is wrong with one is told beside it, so nothing of a row is refused here. */
const MOST_ROWS = 500
const typed = () => vine.string().trim().maxLength(64)

export const numbersForm = vine.create(
  vine.object({
    refs: vine.array(vine.string().trim().maxLength(48)).maxLength(MOST_ROWS).optional(),
    numbers: vine.array(typed().nullable()).maxLength(MOST_ROWS).optional(),
    /** `D-2026-00001-L1;2C12345678901` by line, or numbers alone in the order of the table. */
    pasted: vine.string().maxLength(50_000).optional(),
  })
)

/** What comes back to whoever posted a registered letter. */
export const NOTED_STATES = [
  'first_presentation',
  'delivered_signed',
  'refused',
  'unclaimed',
  'undeliverable',
] as const

export const notedFact = vine.create(vine.object({ state: vine.enum(NOTED_STATES), on: civilDate() }))

const route = () => vine.enum(ROUTES)

export const mailSettings = vine.create(
  vine.object({
    simpleRoute: route(),
    lrarRoute: route(),
    mailDuplex: box(),
    mailColour: box(),
    mailAddressSheet: box(),
    /** By step of a scenario, named `s12` since bare numbers would make a list; empty for what its kind says. */
    steps: vine.record(route().nullable()).optional(),
  })
)
