import vine from '@vinejs/vine'
import { box, civilDate, euros, stripeAccount } from '#shared/vine_types'
import { PAYMENT_METHODS } from '#payments/models/payment'
import type { Role } from '#users/models/user'

const MANUAL_METHODS = ['transfer', 'cheque', 'cash'] as const

/** What a person may write down: notes and coins are for the accountants, who count the till. */
export const manualMethodsOf = (role: Role) =>
  MANUAL_METHODS.filter((method) => method !== 'cash' || role === 'accountant')

/** A filter that makes no sense is dropped from the list rather than refused. */
export const paymentFilters = vine.create(
  vine.object({
    from: civilDate().optional(),
    to: civilDate().optional(),
    creditor: vine.string().trim().maxLength(32).optional(),
    method: vine.enum(PAYMENT_METHODS).optional(),
    page: vine.number().min(1).max(100_000).optional(),
  })
)

export const manualPayment = vine.create(
  vine.object({
    claim: vine.string().trim().maxLength(32),
    amount: euros(),
    method: vine.enum(MANUAL_METHODS),
    receivedOn: civilDate(),
    note: vine.string().trim().maxLength(200).optional(),
    /** The creditor got it itself, and says so. */
    direct: box(),
    /** Made with the form: sending it twice is one payment. */
    formKey: vine.string().uuid(),
  })
)

export const creditorAccountValidator = vine.create({ stripeAccount: stripeAccount().nullable().optional() })

export const setAside = vine.create(vine.object({ note: vine.string().trim().minLength(3).maxLength(200) }))

export const assignment = vine.create(vine.object({ claim: vine.string().trim().maxLength(32) }))
