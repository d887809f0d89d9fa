import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'
import { electronicFormatIBAN, isValidBIC, isValidIBAN } from 'ibantools'
import { clock, isCivilDate } from '#shared/clock'
import { parseEmailAddress } from '#shared/email_address'
import { parseEuros } from '#shared/money'
import { readPhone } from '#shared/phone'

/**
 * The kinds of text people type here, checked and put in the form that is
 * stored. A value that does not fit is reported under the rule's name, which
 * `validator.json` words.
 */
function kind(rule: string, read: (typed: string) => string | number | null) {
  return vine.createRule(
    (value: unknown, _: undefined, field: FieldContext) => {
      if (typeof value !== 'string') return
      const stored = read(value.trim())
      if (stored === null) field.report(`The {{ field }} field is not valid`, rule, field)
      else field.mutate(stored, field)
    },
    { name: rule }
  )
}

const compact = (typed: string) => typed.replace(/[\s.\u00a0\u202f-]/g, '')

const asCivilDate = kind('civilDate', (typed) => (isCivilDate(typed) ? typed : null))
const asEmail = kind('email', (typed) => parseEmailAddress(typed)?.toLowerCase() ?? null)
const asIban = kind('iban', (typed) => {
  const iban = electronicFormatIBAN(typed)
  return iban && isValidIBAN(iban) ? iban : null
})
const asBic = kind('bic', (typed) => {
  const bic = compact(typed).toUpperCase()
  return isValidBIC(bic) ? bic : null
})
const asSiren = kind('siren', (typed) => (/^\d{9}$/.test(compact(typed)) ? compact(typed) : null))
const asPhone = kind('phone', (typed) => {
  const phone = readPhone(typed, 'FR')
  return phone?.isValid() ? phone.number : null
})
const asEuros = kind('euros', parseEuros)
const asPercent = kind('percent', (typed) => {
  const match = /^(\d{1,3})(?:[.,](\d{1,2}))?\s*%?$/.exec(typed)
  const bps = match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : Infinity
  return bps <= 10_000 ? bps : null
})
const asStripeAccount = kind('stripeAccount', (typed) =>
  /^acct_[A-Za-z0-9]{8,58}$/.test(typed) ? typed : null
)
const asLines = kind('lines', (typed) => typed.replace(/\r\n?/g, '\n'))

/** `YYYY-MM-DD`, a day that exists. */
export const civilDate = () => vine.string().use(asCivilDate())

/** One strict address, in lower case. */
export const email = () => vine.string().maxLength(254).use(asEmail())

/** Without spaces, its check digits right. */
export const iban = () => vine.string().use(asIban())

/** `acct_…`, as Stripe writes it. */
export const stripeAccount = () => vine.string().use(asStripeAccount())

export const bic = () => vine.string().use(asBic())

/** Nine digits. A wrong check digit is warned about, never refused (rule 55). */
export const siren = () => vine.string().use(asSiren())

/** E.164; a number without a country code is French. */
export const phone = () => vine.string().use(asPhone())

/** An amount typed `1 234,56`; the validated value is integer cents. */
export const euros = () => vine.string().use(asEuros()).transform(Number)

/** A percentage typed `12,5`, at most 100; the validated value is basis points. */
export const percent = () => vine.string().use(asPercent()).transform(Number)

/** A list typed one item per line, blank lines dropped. */
export const lines = () =>
  vine
    .string()
    .use(asLines())
    .transform((text) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
    )

/** A box: ticked or not, never missing. */
export const box = () => vine.boolean().parse((value) => value === true || value === 'on' || value === 'true')

/** For the day of something that has happened. */
export const notAfterToday = vine.createRule(
  (value: unknown, _: undefined, field: FieldContext) => {
    if (typeof value === 'string' && value > clock.today()) {
      field.report('The {{ field }} field must not be in the future', 'notAfterToday', field)
    }
  },
  { name: 'notAfterToday' }
)

/** For a civil date that may not come before the one in another field. */
export const notBefore = vine.createRule(
  (value: unknown, other: string, field: FieldContext) => {
    const earlier: unknown = field.parent[other]
    if (typeof value === 'string' && typeof earlier === 'string' && value < earlier) {
      field.report('The {{ field }} field must not come before the other date', 'notBefore', field)
    }
  },
  { name: 'notBefore' }
)
