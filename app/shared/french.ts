import { DateTime } from 'luxon'
import { PARIS, type CivilDate, type Instant } from '#shared/clock'

/** `23/11/2026` */
export function frenchDate(on: CivilDate): string {
  return DateTime.fromISO(on).toFormat('dd/MM/yyyy')
}

/** `23/11/2026 à 14 h 07`, in Paris. */
export function frenchInstant(at: Instant): string {
  return DateTime.fromISO(at, { zone: PARIS }).toFormat(`dd/MM/yyyy 'à' H 'h' mm`)
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
