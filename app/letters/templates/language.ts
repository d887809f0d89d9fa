import { DateTime } from 'luxon'
import type { CivilDate } from '#shared/clock'
import { frenchDate, frenchLongDate, frenchPercent } from '#shared/french'
import { formatDecimal, formatEuros, type Cents } from '#shared/money'
import type { RatePeriod } from '#letters/letter_content'
import { en } from '#letters/templates/words_en'
import { fr } from '#letters/templates/words_fr'

/** The languages a letter is written in. */
export const LANGUAGES = ['fr', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** The ways of a language: how it writes days, sums and rates, and what we say in it. */
export interface Speech {
  language: Language
  date(on: CivilDate): string
  longDate(on: CivilDate): string
  euros(cents: Cents): string
  decimal(cents: Cents): string
  percent(bps: number): string
  words: typeof fr
}

const englishNumber = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2 })

const SPEECHES: Record<Language, Speech> = {
  fr: {
    language: 'fr',
    date: frenchDate,
    longDate: frenchLongDate,
    euros: formatEuros,
    decimal: formatDecimal,
    percent: frenchPercent,
    words: fr,
  },
  en: {
    language: 'en',
    date: (on) => DateTime.fromISO(on).toFormat('dd/MM/yyyy'),
    longDate: (on) => DateTime.fromISO(on).setLocale('en-GB').toFormat('d MMMM yyyy'),
    euros: (cents) => `€${englishNumber.format(cents / 100)}`,
    decimal: (cents) => englishNumber.format(cents / 100),
    percent: (bps) => `${(bps / 100).toFixed(2)}%`,
    words: en,
  },
}

export const speechOf = (language: Language): Speech => SPEECHES[language]

/** `12,15 % jusqu’au 30/06/2026, 12,40 % depuis le 01/07/2026` */
export function ratesText(rates: readonly RatePeriod[], { date, percent, words }: Speech): string {
  return rates
    .map(({ rateBps, fromOn, untilOn }, index) => {
      const rate = percent(rateBps)
      if (rates.length === 1) return rate
      if (index === 0) return words.rate.until(rate, date(untilOn))
      if (index === rates.length - 1) return words.rate.since(rate, date(fromOn))
      return words.rate.between(rate, date(fromOn), date(untilOn))
    })
    .join(', ')
}
