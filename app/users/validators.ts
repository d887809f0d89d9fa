import vine from '@vinejs/vine'
import { email } from '#shared/vine_types'
import { AGENCY_ROLES, PASSWORD_MIN_LENGTH, ROLES } from '#users/models/user'

const fullName = () => vine.string().trim().minLength(2).maxLength(120)

/** Long rather than complicated; the upper bound keeps hashing cheap. */
const password = () => vine.string().minLength(PASSWORD_MIN_LENGTH).maxLength(200)

export const signInValidator = vine.create({
  email: vine.string().trim().maxLength(254),
  password: vine.string().maxLength(200),
})

export const chosenPasswordValidator = vine.create({
  password: password().confirmed({ confirmationField: 'passwordConfirmation' }),
})

/** What a user changes about themself. */
export const accountValidator = vine.create({ fullName: fullName(), locale: vine.enum(['fr', 'en']) })

export const newPasswordValidator = vine.create({
  currentPassword: vine.string().maxLength(200),
  password: password().confirmed({ confirmationField: 'passwordConfirmation' }),
})

export const newUserValidator = vine.create({
  email: email(),
  fullName: fullName(),
  role: vine.enum(AGENCY_ROLES),
})

export const userValidator = vine.create({
  fullName: fullName(),
  role: vine.enum(AGENCY_ROLES).optional(),
})

/** A creditor's user is added from the creditor's page. */
export const creditorUserValidator = vine.create({ email: email(), fullName: fullName() })

/** The first administrator, made by the first run. */
export const firstAdminValidator = vine.create({
  email: email(),
  fullName: fullName(),
  password: password().confirmed({ confirmationField: 'passwordConfirmation' }),
})

/** What `users:create` takes. */
export const userCommandValidator = vine.create({
  email: email(),
  fullName: fullName(),
  role: vine.enum(ROLES),
  password: password().optional(),
})
