import vine from '@vinejs/vine'
import { civilDate, euros } from '#shared/vine_types'

/** Payments received until that day. */
export const preparation = vine.create({ until: civilDate() })

/** When a remittance left the dedicated account. */
export const confirmation = vine.create({ paidOn: civilDate() })

/** When a creditor paid an invoice, and what its transfer says. */
export const feeSettlement = vine.create({
  paidOn: civilDate(),
  reference: vine.string().trim().maxLength(64).nullable().optional(),
})

/** What the bank says at the end of a day. */
export const typedBalance = vine.create({ balanceOn: civilDate(), amountCents: euros() })
