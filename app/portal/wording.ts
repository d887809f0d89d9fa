import type { I18n } from '@adonisjs/i18n'
import type Agency from '#agency/models/agency'
import type { InvoiceOwed } from '#claims/owed'
import type Debtor from '#debtors/models/debtor'
import { civilDateAt, type CivilDate, type Instant } from '#shared/clock'
import { frenchDate } from '#shared/french'
import { formatDecimal, formatEuros, type Cents } from '#shared/money'
import { readablePhone } from '#portal/contact'

const FRENCH_TO_ENGLISH: Record<string, string> = { ',': '.', '\u202F': ',' }

/** `1 234,56 €`, or `€1,234.56` for an English reader. */
export function money(amount: Cents, locale: string): string {
  if (locale !== 'en') return formatEuros(amount)
  const digits = formatDecimal(amount).replace(/[,\u202f]/g, (mark) => FRENCH_TO_ENGLISH[mark]!)
  return digits.startsWith('−') ? `−€${digits.slice(1)}` : `€${digits}`
}

/** `12,15 %`, or `12.15%`. */
export function percent(bps: number, locale: string): string {
  const digits = formatDecimal(bps)
  return locale === 'en' ? `${digits.replace(',', '.')}%` : `${digits}\u00A0%`
}

/** `lundi 23/11/2026`: the weekday helps to choose, the date to be sure. */
export function weekdayDate(on: CivilDate, locale: string): string {
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(new Date(on))
  return `${weekday} ${frenchDate(on)}`
}

/** `Cabinet Amiable, SAS, SIREN 732 829 320, 12 rue des Archives, 75004 PARIS.` */
export function identity({ name, legalForm, siren, addressLines }: Agency): string {
  const grouped = siren && `SIREN ${siren.replace(/(\d{3})(?=\d)/g, '$1\u00A0')}`
  return `${[name, legalForm, grouped, ...addressLines].filter(Boolean).join(', ')}.`
}

/** How to reach the agency in writing: by email, else by post. */
export const contact = (agency: Agency | null) => agency?.email ?? agency?.addressLines.join(', ') ?? ''

/** What a page prints numbers, dates and names with; dates are jj/mm/aaaa in both languages. */
export const wording = (i18n: I18n) => ({
  money: (amount: Cents) => money(amount, i18n.locale),
  percent: (bps: number) => percent(bps, i18n.locale),
  weekdayDate: (on: CivilDate) => weekdayDate(on, i18n.locale),
  dayOf: (at: Instant) => frenchDate(civilDateAt(at)),
  phone: readablePhone,

  /** `Madame Camille Fournier`, or nothing when only the company is known. */
  greeting: ({ civility, fullName }: Debtor) =>
    fullName && [civility && i18n.t(`portal.civility.${civility}`), fullName].filter(Boolean).join(' '),

  identity,
  contact,

  /** What an invoice was for, its due date, and what was already taken off. */
  invoiceDetail({
    description,
    dueOn,
    downPaymentCents,
    paidPrincipalCents,
    creditedCents,
  }: InvoiceOwed): string {
    const amount = (cents: Cents) => ({ amount: money(cents, i18n.locale) })
    return [
      description,
      i18n.t('portal.owed.due_on', { on: frenchDate(dueOn) }),
      downPaymentCents > 0 && i18n.t('portal.owed.down_payment', amount(downPaymentCents)),
      paidPrincipalCents > 0 && i18n.t('portal.owed.paid_part', amount(paidPrincipalCents)),
      creditedCents > 0 && i18n.t('portal.owed.credited', amount(creditedCents)),
    ]
      .filter(Boolean)
      .join(', ')
  },
})
