import { DateTime } from 'luxon'
import i18nManager from '@adonisjs/i18n/services/main'
import { frenchDate } from '#shared/french'
import { civilDateAt, type CivilDate, type Instant } from '#shared/clock'
import { formatEuros, type Cents } from '#shared/money'
import { readPhone } from '#shared/phone'
import type { MailLocale } from '#deliveries/mails/data'

/** The words of one language, under `mails.`, and its ways of writing dates and amounts. */
export interface Words {
  t(key: string, values?: Record<string, string | number | boolean>): string
  date(on: CivilDate): string
  day(at: Instant): string
  euros(cents: Cents): string
}

const english = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR' })

export function wordsIn(locale: MailLocale): Words {
  const i18n = i18nManager.locale(locale)
  const date = (on: CivilDate) =>
    locale === 'fr' ? frenchDate(on) : DateTime.fromISO(on).setLocale('en-GB').toFormat('d MMMM yyyy')
  return {
    t: (key, values) => i18n.t(`mails.${key}`, values),
    date,
    day: (at) => date(civilDateAt(at)),
    euros: (cents) => (locale === 'fr' ? formatEuros(cents) : english.format(cents / 100)),
  }
}

/** `01 84 80 00 00` and the number to dial; what cannot be read is shown as it is and not dialled. */
export function phoneLink(phone: string | null): { label: string; href: string } | null {
  if (!phone) return null
  const number = readPhone(phone, 'FR')
  if (!number) return null
  const label = number.country === 'FR' ? number.formatNational() : number.formatInternational()
  return { label: label.replaceAll(' ', '\u00a0'), href: number.format('RFC3966') }
}

/** `732 829 320` */
export const spacedSiren = (siren: string) => siren.replace(/(\d{3})(?=\d)/g, '$1\u00a0')
