import vine from '@vinejs/vine'
import { box, civilDate } from '#shared/vine_types'
import { ERE_STATES } from '#registered_mail/ere/states'
import { MAILING_STATES, type ProofKind } from '#registered_mail/providers/provider'
import { LETTER_KINDS } from '#letters/letter_content'
import { LETTER_VIEWS } from '#letters/queries/letter_filters'
import { ELECTRONIC_ROUTES, OWN, PAPER_ROUTES, ROUTES } from '#registered_mail/routing'

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

/** What La Poste gives or brings back on paper. */
export const SCANNED_PROOFS = ['deposit', 'receipt', 'returned_mail'] as const satisfies ProofKind[]

export const scannedProof = vine.create(
  vine.object({
    kind: vine.enum(SCANNED_PROOFS),
    scan: vine.file({ size: '15mb', extnames: ['pdf', 'png', 'jpg', 'jpeg'] }),
  })
)

export const notedFact = vine.create(vine.object({ state: vine.enum(NOTED_STATES), on: civilDate() }))

const route = () => vine.enum(PAPER_ROUTES)

export const mailSettings = vine.create(
  vine.object({
    simpleRoute: route(),
    lrarRoute: route(),
    ereRoute: vine.enum(ELECTRONIC_ROUTES.ere),
    lreRoute: vine.enum(ELECTRONIC_ROUTES.lre),
    mailDuplex: box(),
    mailColour: box(),
    mailAddressSheet: box(),
    /** By step of a scenario, named `s12` since bare numbers would make a list; empty for what its kind says. */
    steps: vine.record(vine.enum([...ROUTES, OWN]).nullable()).optional(),
  })
)
