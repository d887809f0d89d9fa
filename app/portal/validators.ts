import vine from '@vinejs/vine'
import { PLAN_DAYS } from '#payments/plans/rules'
import { isCivilDate, type CivilDate } from '#shared/clock'
import { parseEmailAddress } from '#shared/email_address'
import { readPhone } from '#shared/phone'
import { DISPUTE_REASONS } from '#claims/models/dispute'

const MESSAGE_LENGTH = 4000

const strictEmail = vine.createRule((value, _, field) => {
  const address = typeof value === 'string' ? parseEmailAddress(value) : null
  if (address) field.mutate(address, field)
  else field.report('email', 'email', field)
})

/** A French number without its prefix, or any international one; kept in E.164. */
const phoneNumber = vine.createRule((value, _, field) => {
  const phone = typeof value === 'string' ? readPhone(value, 'FR') : undefined
  if (phone?.isValid()) field.mutate(phone.number, field)
  else field.report('phone', 'phone', field)
})

const dateInReach = vine.createRule((value, _, field) => {
  const { from, until } = field.meta as { from: CivilDate; until: CivilDate }
  const within = typeof value === 'string' && isCivilDate(value) && value >= from && value <= until
  if (!within) field.report('date', 'date', field)
})

const message = () => vine.string().trim().maxLength(MESSAGE_LENGTH)
const email = () => vine.string().trim().use(strictEmail()).nullable().optional()

/** A list of ids from checkboxes: one checked box comes as a single value. */
const invoiceIds = () =>
  vine
    .array(vine.number().positive().withoutDecimals())
    .maxLength(500)
    .parse((value) => (value === null || value === undefined ? [] : [value].flat()))

export const paymentChoice = vine.create({
  part: vine.enum(['all', 'some', 'invoices'] as const),
  amount: vine.string().trim().maxLength(32).nullable().optional(),
  invoices: invoiceIds(),
  means: vine.enum(['online', 'transfer'] as const),
})

/** What is asked to see a schedule; whatever makes no sense is left out. */
export const planChoice = vine.create({
  count: vine.number().withoutDecimals().range([2, 36]).optional(),
  amount: vine.string().trim().maxLength(32).optional(),
  day: vine
    .number()
    .in([...PLAN_DAYS])
    .optional(),
})

const ownEntry = {
  figures: vine.string().trim().maxLength(64),
  words: vine.string().trim().maxLength(400),
}

/** What is agreed to: the sum that was shown, and the debtor's own entry of it. */
export const planAgreement = vine.create({
  months: vine.number().withoutDecimals().range([2, 36]),
  day: vine.number().in([...PLAN_DAYS]),
  total: vine.number().withoutDecimals().positive(),
  ...ownEntry,
})

/** A plan that was put to the debtor: they write its sum themselves. */
export const deedEntry = vine.create(ownEntry)

export const planPayment = vine.create({ means: vine.enum(['online', 'transfer'] as const) })

export const timeRequest = vine.withMetaData<{ from: CivilDate; until: CivilDate }>().create({
  wanted_on: vine.string().use(dateInReach()),
  message: message().nullable().optional(),
  email: email(),
})

export const callbackRequest = vine.create({
  phone: vine.string().trim().use(phoneNumber()),
  slot: vine.string(),
  message: message().nullable().optional(),
  email: email(),
})

export const disputeForm = vine.create({
  reason: vine.enum(DISPUTE_REASONS),
  scope: vine.enum(['all', 'some'] as const).parse((value) => value ?? 'all'),
  invoices: invoiceIds(),
  message: message().minLength(3),
  email: email(),
})
