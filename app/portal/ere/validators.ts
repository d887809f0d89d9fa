import vine from '@vinejs/vine'

const hash = () => vine.string().regex(/^[0-9a-f]{64}$/)

export const codeForm = vine.create(vine.object({ code: vine.string().trim().maxLength(20) }))

export const viewForm = vine.create(vine.object({ page: vine.number().withoutDecimals().positive() }))

export const answerForm = vine.create(
  vine.object({ statement: hash(), reason: vine.string().trim().maxLength(300).nullable().optional() })
)

/** The image is checked by its bytes; a form without scripts only types. */
const MOST_IMAGE = 400_000

export const signatureForm = vine.create(
  vine.object({
    statement: hash(),
    how: vine.enum(['typed', 'drawn'] as const),
    name: vine.string().trim().minLength(2).maxLength(120),
    image: vine.string().maxLength(MOST_IMAGE).nullable().optional(),
    agree: vine.accepted(),
  })
)
