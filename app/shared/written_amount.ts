import type { CellValue } from '#shared/cells'
import type { Cents } from '#shared/money'

/** Beyond ten thousand million euros a cell is not a debt. */
const MAX_CENTS = 1_000_000_000_000

const SPACES = /[\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+/g
const EURO = '(?:€|euros?|eur)'
/** `12€50`, `12 € 50`: the sign stands where the comma would. */
const EURO_AS_COMMA = new RegExp(`(\\d) ?${EURO} ?(\\d\\d)$`, 'i')
const BETWEEN_DIGITS = new RegExp(`\\d ?${EURO} ?\\d`, 'i')
const MENTIONS = new RegExp(`(?<!\\p{L})(?:${EURO}|t\\.?t\\.?c\\.?)(?!\\p{L})`, 'giu')
const MINUS = /^[-−–] ?| ?[-−–]$/

/**
 * Reads an amount of euros, in cents: `1 234,56 €` with any kind of space, `1.234,56`,
 * `1,234.56`, `12€50`, `(12,50)`, `-12,50`, or a number cell. A number cell is rounded half up
 * to the cent, because Excel keeps the fractions of a computed VAT.
 *
 * A lone separator before exactly three digits (`1,234`, `1.234`) may be one euro or a
 * thousand, and digits apart that are no thousands (`100 50`) may be a slip: what would be
 * guessed is refused.
 *
 * @returns null when it is not an amount of euros
 */
export function readAmount(cell: CellValue): Cents | null {
  if (typeof cell === 'number') return fromEuros(cell)
  if (typeof cell !== 'string') return null
  const text = cell.replace(SPACES, ' ').trim().replace(EURO_AS_COMMA, '$1,$2')
  if (BETWEEN_DIGITS.test(text)) return null
  const bare = text.replace(MENTIONS, '').replace(SPACES, ' ').trim()
  const bracketed = /^\(.*\)$/.test(bare)
  const inner = bracketed ? bare.slice(1, -1).trim() : bare
  const negative = bracketed || MINUS.test(inner)
  const value = readDigits(inner.replace(MINUS, '').replace(/^\+ ?/, ''))
  if (value === null || value > MAX_CENTS) return null
  return negative && value !== 0 ? -value : value
}

function fromEuros(euros: number): Cents | null {
  if (!Number.isFinite(euros)) return null
  const whole = Math.round(euros * 100)
  if (whole / 100 === euros && Math.abs(whole) <= MAX_CENTS) return whole + 0
  // The decimal text, not the product: 1.005 * 100 is 100.49999999999999.
  const value = Number((Math.sign(euros) * Math.round(Number(`${Math.abs(euros).toFixed(8)}e2`))).toFixed(0))
  return Math.abs(value) > MAX_CENTS ? null : value + 0
}

const DIGITS =
  /^['’`]?(?<whole>\d+|\d{1,3}(?:(?<group>[.,' ’`_])\d{3}(?:\k<group>\d{3})*))(?: ?(?<point>[.,]) ?(?<decimals>\d{1,2}|\d{2}0{2,}))?$/

function readDigits(text: string): Cents | null {
  const parts = DIGITS.exec(text)?.groups
  if (!parts) return /^[.,]\d{1,2}$/.test(text) ? Number(text.slice(1).padEnd(2, '0')) : null
  const { whole, group, point, decimals } = parts
  if (group && group === point) return null
  const groups = whole!.split(/\D/)
  if (groups.length === 2 && !point && (group === '.' || group === ',')) return null
  return Number(groups.join('') + (decimals ?? '').slice(0, 2).padEnd(2, '0'))
}

/** The currencies people write, by sign, ISO code or name, that are not the euro. */
const CURRENCY = /\p{Sc}|\b[A-Z]{3}\b/gu
const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** The currency other than the euro that a text or a number format shows: `$`, `CHF`. Null for none. */
export function foreignCurrency(text: string): string | null {
  for (const [sign] of text.matchAll(CURRENCY)) {
    if (sign !== '€' && sign !== 'EUR' && (sign.length < 3 || CODES.has(sign))) return sign
  }
  return null
}
