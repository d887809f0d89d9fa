import vine from '@vinejs/vine'
import { box, civilDate, euros } from '#shared/vine_types'

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

/** What the bank refused: the order that the page showed, none when it was made by hand. */
export const refusal = vine.create({
  reason: vine.string().trim().minLength(3).maxLength(200),
  order: vine.string().trim().maxLength(32).nullable().optional(),
  whole: box(),
})

export const statusReport = vine.create({ file: vine.file({ size: '5mb' }) })

/** The remittances that a line of the bank is. */
export const recognition = vine.create({
  refs: vine.array(vine.string().trim().maxLength(32)).minLength(1).maxLength(500),
})

/** The fee invoice that a line of the bank pays. */
export const invoiceOfLine = vine.create({ number: vine.string().trim().maxLength(32) })

/** A year of the agency's books. */
export const accountingYear = vine.create({ year: vine.number().withoutDecimals().range([2000, 2199]) })
