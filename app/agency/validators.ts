import vine from '@vinejs/vine'
import { bic, box, civilDate, email, iban, lines, notBefore, phone, siren } from '#shared/vine_types'

const text = (max = 120) => vine.string().trim().minLength(1).maxLength(max)

/** Who the agency is, as its letters say it (CPCE R124-4). */
export const identityValidator = vine.create({
  name: text(),
  legalForm: text(60).nullable().optional(),
  siren: siren().nullable().optional(),
  addressLines: lines(),
  email: email(),
  phone: phone(),
  website: vine.string().trim().url().maxLength(200).nullable().optional(),
  signatoryName: text().nullable().optional(),
  signatoryTitle: text().nullable().optional(),
})

/** What R124-2 asks for; each may be filled in later, and nothing is sent until all is. */
export const legalValidator = vine.create({
  insurer: text().nullable().optional(),
  insurancePolicy: text().nullable().optional(),
  insuranceValidFromOn: civilDate().nullable().optional(),
  insuranceValidUntilOn: civilDate().use(notBefore('insuranceValidFromOn')).nullable().optional(),
  dedicatedIban: iban().nullable().optional(),
  dedicatedBic: bic().nullable().optional(),
  declarationOn: civilDate().nullable().optional(),
})

const certificate = () => vine.file({ size: '5mb', extnames: ['pdf'] }).optional()

export const legalFilesValidator = vine.create({
  insuranceFile: certificate(),
  declarationFile: certificate(),
})

/** R16 and the agency's own rules. */
export const policiesValidator = vine.create({
  emailRequired: box(),
  mobileRequired: box(),
  descriptionRequired: box(),
  defaultPaymentTermDays: vine.number().withoutDecimals().range([0, 365]),
  contactsPerWeek: vine.number().withoutDecimals().range([1, 7]),
})

/** The file of `agency:configure`. */
export const agencyFileValidator = vine.create({
  name: text(),
  legalForm: text(60).nullable().optional(),
  siren: siren().nullable().optional(),
  address: vine.array(text(60)).minLength(2).maxLength(6),
  email: email().nullable().optional(),
  phone: phone().nullable().optional(),
  website: vine.string().trim().url().maxLength(200).nullable().optional(),
  signatory: vine.object({ name: text(), title: text().nullable().optional() }).nullable().optional(),
  insurance: vine
    .object({
      insurer: text(),
      policy: text(),
      validFrom: civilDate().optional(),
      validUntil: civilDate().use(notBefore('validFrom')),
    })
    .nullable()
    .optional(),
  dedicatedIban: iban().nullable().optional(),
  dedicatedBic: bic().nullable().optional(),
  declarationOn: civilDate().nullable().optional(),
  policies: vine
    .object({
      emailRequired: vine.boolean({ strict: true }).optional(),
      mobileRequired: vine.boolean({ strict: true }).optional(),
      descriptionRequired: vine.boolean({ strict: true }).optional(),
      defaultPaymentTermDays: vine.number({ strict: true }).withoutDecimals().range([0, 365]).optional(),
      contactsPerWeek: vine.number({ strict: true }).withoutDecimals().range([1, 7]).optional(),
    })
    .optional(),
})
