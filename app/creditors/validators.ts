import vine from '@vinejs/vine'
import { ALLOCATION_ORDERS, DAY_COUNTS } from '#creditors/models/contract_term'
import { COLLECTION_OPTIONS, SECTORS } from '#creditors/models/creditor'
import {
  bic,
  box,
  civilDate,
  email,
  euros,
  iban,
  lines,
  notAfterToday,
  notBefore,
  percent,
  siren,
  stripeAccount,
} from '#shared/vine_types'

const text = (max = 120) => vine.string().trim().minLength(1).maxLength(max)
const sentence = () => vine.string().trim().minLength(3).maxLength(250)
const months = () => vine.number().withoutDecimals().range([1, 36])
const firstDueDays = (options = { strict: false }) => vine.number(options).withoutDecimals().range([11, 90])
const graceDays = (options = { strict: false }) => vine.number(options).withoutDecimals().range([1, 60])
const validDays = (options = { strict: false }) => vine.number(options).withoutDecimals().range([1, 90])
const remittanceDays = () => vine.number().withoutDecimals().range([0, 31])

const mandateFields = {
  signedOn: civilDate(),
  endsOn: civilDate().use(notBefore('signedOn')).nullable().optional(),
  basis: sentence(),
  feeBps: percent(),
  remittanceDays: remittanceDays(),
  guarantee: sentence(),
  netting: box(),
  plansBeyondRules: box(),
}

const rateClause = () => vine.string().trim().minLength(3).maxLength(2000).nullable().optional()

/** What contracts say of late payment. */
const contractFields = {
  dayCount: vine.enum(DAY_COUNTS),
  rateBps: percent().nullable().optional(),
  allocationOrder: vine.enum(ALLOCATION_ORDERS),
  clause: rateClause(),
}

/** The creditor's form. */
export const creditorValidator = vine.create({
  name: text(),
  legalForm: text(60).nullable().optional(),
  siren: siren().nullable().optional(),
  addressLines: lines(),
  email: email().nullable().optional(),
  iban: iban().nullable().optional(),
  bic: bic().nullable().optional(),
  professional: box(),
  sector: vine.enum(SECTORS).nullable().optional(),
  collectionOption: vine.enum(COLLECTION_OPTIONS),
  plansAllowed: box(),
  minInstalmentCents: euros(),
  maxMonths: months(),
  firstDueDays: firstDueDays(),
  missedGraceDays: graceDays(),
  settlementDiscountBps: percent(),
  settlementValidDays: validDays(),
})

/** One column of the fee grid, row by row. */
const gridColumn = () => vine.array(vine.string().trim().maxLength(20).nullable()).maxLength(20).optional()

/** The mandate's form; the PDF is the signed document when there is one. */
export const mandateValidator = vine.create({
  ...mandateFields,
  ...contractFields,
  dayCount: contractFields.dayCount.optional(),
  allocationOrder: contractFields.allocationOrder.optional(),
  gridAgeDays: gridColumn(),
  gridPrincipal: gridColumn(),
  gridFee: gridColumn(),
  file: vine.file({ size: '10mb', extnames: ['pdf'] }).optional(),
})

/** What its contracts say of late payment. */
export const contractValidator = vine.create({
  effectiveOn: civilDate().use(notAfterToday()),
  ...contractFields,
})

/** What a creditor may set by itself: where its money goes, while nothing is set. */
export const bankDetailsValidator = vine.create({ iban: iban(), bic: bic().nullable().optional() })

/** The file of `creditors:create`. */
export const creditorFileValidator = vine.create({
  name: text(),
  legalForm: text(60).nullable().optional(),
  siren: siren().nullable().optional(),
  address: vine.array(text(60)).minLength(2).maxLength(6),
  email: email().nullable().optional(),
  iban: iban().nullable().optional(),
  bic: bic().nullable().optional(),
  stripeAccount: stripeAccount().nullable().optional(),
  professional: vine.boolean({ strict: true }).optional(),
  sector: vine.enum(SECTORS).nullable().optional(),
  option: vine.enum(COLLECTION_OPTIONS).optional(),
  mandate: vine
    .object({
      signedOn: civilDate(),
      endsOn: civilDate().use(notBefore('signedOn')).nullable().optional(),
      basis: sentence(),
      feeBps: vine.number({ strict: true }).withoutDecimals().range([0, 10_000]),
      remittanceDays: vine.number({ strict: true }).withoutDecimals().range([0, 31]),
      guarantee: sentence(),
      netting: vine.boolean({ strict: true }).optional(),
      plansBeyondRules: vine.boolean({ strict: true }).optional(),
      feeGrid: vine
        .array(
          vine.object({
            ageDays: vine.number({ strict: true }).withoutDecimals().min(0).nullable(),
            principalCents: vine.number({ strict: true }).withoutDecimals().min(0).nullable(),
            feeBps: vine.number({ strict: true }).withoutDecimals().range([0, 10_000]),
          })
        )
        .optional(),
      contract: vine
        .object({
          rateBps: vine.number({ strict: true }).withoutDecimals().range([1, 10_000]).nullable().optional(),
          dayCount: vine.enum(DAY_COUNTS).optional(),
          allocationOrder: vine.enum(ALLOCATION_ORDERS).optional(),
          clause: rateClause(),
        })
        .nullable()
        .optional(),
    })
    .nullable()
    .optional(),
  portal: vine
    .object({
      plansAllowed: vine.boolean({ strict: true }).optional(),
      firstDueDays: firstDueDays({ strict: true }).optional(),
      missedGraceDays: graceDays({ strict: true }).optional(),
      settlementValidDays: validDays({ strict: true }).optional(),
      minInstalmentCents: vine.number({ strict: true }).withoutDecimals().min(0).optional(),
      maxMonths: vine.number({ strict: true }).withoutDecimals().range([1, 36]).optional(),
      settlementDiscountBps: vine.number({ strict: true }).withoutDecimals().range([0, 10_000]).optional(),
    })
    .optional(),
})
