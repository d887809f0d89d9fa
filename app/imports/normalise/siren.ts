/** La Poste: its establishments' SIRET may fail Luhn, their digits then sum to a multiple of 5. */
const LA_POSTE = '356000000'

export type SirenReading = { siren: string | null; valid: boolean }

/**
 * Reads a SIREN, a SIRET or a French VAT number. The nine digits are kept even when the
 * checksum fails, for a person to look at; anything else is dropped.
 */
export function readSiren(text: string): SirenReading {
  const bare = text.replace(/[\s.\-_]/g, '').toUpperCase()
  const vat = /^FR\w{2}(\d{9})$/.exec(bare)
  const digits = vat ? vat[1]! : bare.replace(/^(SIREN|SIRET|RCS)\D*/, '')
  if (/^(\d{8}|\d{13})$/.test(digits)) return withoutLostZero(`0${digits}`)
  if (!/^(\d{9}|\d{14})$/.test(digits)) return { siren: null, valid: false }
  return { siren: digits.slice(0, 9), valid: isSiren(digits) || isSiret(digits) }
}

/** A number cell has lost the zero a few old numbers begin with; their check digits tell. */
const withoutLostZero = (digits: string): SirenReading =>
  isSiren(digits) || isSiret(digits)
    ? { siren: digits.slice(0, 9), valid: true }
    : { siren: null, valid: false }

export const isSiren = (digits: string) => /^\d{9}$/.test(digits) && !/^0+$/.test(digits) && luhn(digits)

export function isSiret(digits: string): boolean {
  if (!/^\d{14}$/.test(digits) || !isSiren(digits.slice(0, 9))) return false
  return luhn(digits) || (digits.startsWith(LA_POSTE) && digitSum(digits) % 5 === 0)
}

function luhn(digits: string): boolean {
  let total = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48
    const weighed = place % 2 === 0 ? digit : digit * 2
    total += weighed > 9 ? weighed - 9 : weighed
  }
  return total % 10 === 0
}

const digitSum = (digits: string) => [...digits].reduce((total, digit) => total + Number(digit), 0)
