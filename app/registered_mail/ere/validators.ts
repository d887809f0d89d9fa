import vine from '@vinejs/vine'
import { ELECTRONIC_KINDS } from '#letters/letter_content'
import { civilDate, email } from '#shared/vine_types'

export const ereQuery = vine.create(vine.object({ kind: vine.enum(ELECTRONIC_KINDS).optional() }))

export const ereForm = vine.create(
  vine.object({
    kind: vine.enum(ELECTRONIC_KINDS).optional(),
    email: email(),
    template: vine.string().trim().maxLength(48),
    key: vine.string().trim().uuid(),
  })
)

export const consentForm = vine.create(
  vine.object({
    consent_email: email(),
    given_on: civilDate(),
    consent_text: vine.string().trim().minLength(10).maxLength(2000),
    source: vine.string().trim().minLength(3).maxLength(200),
  })
)

export const noticeForm = vine.create(vine.object({ email: email() }))

export const bounceForm = vine.create(
  vine.object({
    code: vine.string().trim().minLength(3).maxLength(200),
    nature: vine.enum(['hard', 'soft'] as const),
  })
)

export const paperForm = vine.create(
  vine.object({ reason: vine.string().trim().minLength(3).maxLength(200) })
)
