import vine from '@vinejs/vine'
import { FIELDS, type Field } from '#imports/fields'

export const uploadForm = vine.create({
  creditor: vine.string().maxLength(32).optional(),
  file: vine.file({ size: '24mb' }),
})

const perField = <Type>(type: () => Type) =>
  Object.fromEntries(FIELDS.map((field) => [field, type()])) as Record<Field, Type>

/** Which column holds each field; empty for none. */
export const columnsForm = vine.create({
  ...perField(() => vine.number().min(0).max(200).withoutDecimals().optional()),
  remember: vine.boolean().optional(),
})

/** A row typed again, by field. */
export const rowForm = vine.create(perField(() => vine.string().maxLength(1000).nullable().optional()))

export const decisionForm = vine.create({ decision: vine.enum(['leave', 'take']) })

export const commitForm = vine.create({ accept_terms: vine.accepted() })
