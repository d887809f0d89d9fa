import type { CivilDate } from '#shared/clock'

/** The VAT that the agency's own fee bears, and where the rate comes from (rule 63). */
export const VAT = {
  bps: 2000,
  source: 'CGI, art. 278 (taux normal)',
  checkedOn: '2026-11-26' as CivilDate,
  validatedByCounsel: false,
}

/** `FR44732829320`, the VAT number that a SIREN has in France; null without a SIREN. */
export function vatNumber(siren: string | null): string | null {
  if (!siren || !/^\d{9}$/.test(siren)) return null
  const key = (12 + 3 * (Number(siren) % 97)) % 97
  return `FR${String(key).padStart(2, '0')}${siren}`
}
