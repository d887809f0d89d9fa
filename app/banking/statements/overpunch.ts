import type { Cents } from '#shared/money'

const POSITIVE = '{ABCDEFGHI'
const NEGATIVE = '}JKLMNOPQR'

/**
 * An amount of CFONB 120: thirteen digits, then a character that is both the last digit and the
 * sign (`{ABCDEFGHI` for +0 to +9, `}JKLMNOPQR` for −0 to −9).
 *
 * @param decimals how many of the digits are decimals
 * @returns null when it is not one, or is finer than a cent
 */
export function readOverpunch(text: string, decimals: number): Cents | null {
  const match = /^(\d{13})([{}A-R])$/.exec(text)
  if (!match || decimals > 2) return null
  const [, digits, last] = match
  const negative = NEGATIVE.includes(last!)
  const unit = (negative ? NEGATIVE : POSITIVE).indexOf(last!)
  const value = Number(digits!) * 10 + unit
  const amountCents = value * 10 ** (2 - decimals)
  if (!Number.isSafeInteger(amountCents)) return null
  return negative && amountCents !== 0 ? -amountCents : amountCents
}

/** The same, written: fourteen characters with two decimals. */
export function writeOverpunch(amountCents: Cents): string {
  const digits = Math.abs(amountCents).toString().padStart(14, '0')
  return digits.slice(0, 13) + (amountCents < 0 ? NEGATIVE : POSITIVE)[Number(digits[13])]
}
