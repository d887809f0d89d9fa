import vine from '@vinejs/vine'
import { civilDate, email, euros, notAfterToday, notBefore, phone } from '#shared/vine_types'
import { CLAIM_STATUSES } from '#claims/models/claim'
import { CLOSURE_REASONS } from '#claims/models/closure'
import { ATTACHABLE_KINDS } from '#claims/models/document'
import { DISPUTE_OUTCOMES } from '#claims/models/dispute'
import { INTERRUPTION_KINDS } from '#claims/models/limitation_interruption'

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

/** A filter that makes no sense is dropped from the list rather than refused. */
export const claimFilters = vine.create(
  vine.object({
    status: vine.enum(CLAIM_STATUSES).optional(),
    creditor: vine.string().trim().maxLength(32).optional(),
    from: civilDate().optional(),
    to: civilDate().optional(),
    min: euros().optional(),
    max: euros().optional(),
    q: vine.string().trim().maxLength(120).optional(),
    order: vine.enum(['oldest', 'newest', 'largest', 'activity'] as const).optional(),
    page: vine.number().min(1).max(100_000).optional(),
  })
)

export const pauseForm = vine.create(
  vine.object({
    reason: vine.string().trim().minLength(3).maxLength(200),
    until_on: civilDate().optional(),
  })
)

export const closureForm = vine.create(
  vine.object({
    reason: vine.enum(CLOSURE_REASONS),
    note: vine.string().trim().maxLength(2000).optional(),
  })
)

/** P4: what proves a claim. The kind of a file is read from its content, not from its name. */
export const documentsForm = vine.create(
  vine.object({
    kind: vine.enum(ATTACHABLE_KINDS),
    shown_to_debtor: vine.accepted().optional(),
    files: vine
      .array(vine.file({ size: '15mb', extnames: ['pdf', 'png', 'jpg', 'jpeg'] }))
      .minLength(1)
      .maxLength(10),
  })
)

/** One paper that proves what is written down. */
const proof = () => vine.file({ size: '15mb', extnames: ['pdf', 'png', 'jpg', 'jpeg'] })

export const creditNoteForm = vine.create(
  vine.object({
    number: vine.string().trim().minLength(1).maxLength(64),
    issued_on: civilDate().use(notAfterToday()),
    amount: euros(),
    invoice: vine.number().positive().withoutDecimals().optional(),
  })
)

export const interruptionForm = vine.create(
  vine.object({
    kind: vine.enum(INTERRUPTION_KINDS),
    occurred_on: civilDate().use(notAfterToday()),
    file: proof(),
  })
)

export const graceForm = vine.create(
  vine.object({
    starts_on: civilDate(),
    ends_on: civilDate().use(notBefore('starts_on')),
    file: proof(),
  })
)

/** The day of a statement; another than a day that exists is today. */
export const statementDay = vine.create(vine.object({ on: civilDate().optional() }))

export const addressForm = vine.create(
  vine.object({
    street: vine.string().trim().minLength(3).maxLength(120),
    complement: vine.string().trim().maxLength(120).optional(),
    postcode: vine
      .string()
      .trim()
      .regex(/^\d{5}$/),
    city: vine.string().trim().toUpperCase().minLength(2).maxLength(60),
  })
)

export const contactForm = vine.create(
  vine.union([
    vine.union.if(
      (form) => vine.helpers.isObject(form) && form.kind === 'email',
      vine.object({
        kind: vine.literal('email'),
        value: email(),
        label: vine.string().trim().maxLength(80).optional(),
      })
    ),
    vine.union.else(
      vine.object({
        kind: vine.enum(['mobile', 'phone'] as const),
        value: phone(),
        label: vine.string().trim().maxLength(80).optional(),
      })
    ),
  ])
)
