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
