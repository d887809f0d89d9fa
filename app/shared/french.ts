import { DateTime } from 'luxon'
import type { CivilDate } from '#shared/clock'
import { readPhone } from '#shared/phone'

/** `23/11/2026` */
export function frenchDate(on: CivilDate): string {
  return DateTime.fromISO(on).toFormat('dd/MM/yyyy')
}

/** `23 novembre 2026`, and `1er` for the first. */
export function frenchLongDate(on: CivilDate): string {
  const date = DateTime.fromISO(on).setLocale('fr')
  return `${date.day === 1 ? '1er' : date.day} ${date.toFormat('MMMM yyyy')}`
}

const UNITS =
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf'.split(
    ' '
  )
const TENS = ['', '', 'vingt', 'trente', 'quarante', 'cinquante', 'soixante', 'soixante', 'quatre-vingt']

/** `dix-huit`, `vingt et une` (feminine); digits from 100 on. */
export function frenchNumber(value: number, gender: 'masculine' | 'feminine' = 'masculine'): string {
  if (!Number.isInteger(value) || value < 0 || value > 99) return String(value)
  const words = inWords(value)
  return gender === 'feminine' ? words.replace(/\bun$/, 'une') : words
}

function inWords(value: number): string {
  if (value < 20) return UNITS[value]!
  const base = value >= 80 ? 80 : value >= 60 ? 60 : value - (value % 10)
  const rest = value - base
  const ten = TENS[base / 10]!
  if (rest === 0) return base === 80 ? 'quatre-vingts' : ten
  const joins = base < 80 && (rest === 1 || rest === 11)
  return `${ten}${joins ? ' et ' : '-'}${UNITS[rest]}`
}

/** `12,15 %` from basis points, with a no-break space. */
export function frenchPercent(bps: number): string {
  return `${Math.floor(bps / 100)},${String(bps % 100).padStart(2, '0')}\u00a0%`
}

/** `1 284`, with a narrow no-break space between thousands. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** `FR76 3000 6000 …`: an IBAN in groups of four, empty when there is none. */
export function ibanText(iban: string | null | undefined): string {
  return (iban ?? '').replace(/(.{4})(?=.)/g, '$1 ')
}

/** `732 829 320`: a SIREN in groups of three, empty when there is none. */
export function sirenText(siren: string | null | undefined): string {
  return (siren ?? '').replace(/(\d{3})(?=\d)/g, '$1\u00a0')
}

/** `06 12 34 56 78` for a French number kept as E.164, `+32 2 123 45 67` for another; empty when there is none. */
export function phoneText(phone: string | null | undefined): string {
  if (!phone) return ''
  const number = readPhone(phone)
  if (!number) return phone
  return number.country === 'FR' ? number.formatNational() : number.formatInternational()
}
