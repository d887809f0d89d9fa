import { createRequire } from 'node:module'
import type { CellValue } from '#shared/cells'
import type { Reading } from '#imports/problems'

const require = createRequire(import.meta.url)
const metadata = require('libphonenumber-js/metadata.max.json') as { countries: { FR: [...unknown[]] } }

/** A hundred files, read at the first number that is no plain French mobile. */
const library = () => require('libphonenumber-js/max') as typeof import('libphonenumber-js/max')

/** The library's own pattern of French mobiles: what it matches needs no further parsing. */
const FRENCH_MOBILE = new RegExp(`^(?:\\+33|0033|0|33)(${frenchMobilePattern()})$`)

/**
 * Reads a phone number into E.164. A number without a country is French; a number cell has
 * lost its leading zero. A number that exists but is not a mobile (landline, premium, range
 * not allotted) is kept and questioned.
 */
export function readMobile(cell: CellValue, text: string): Reading<string, 'mobile_invalid'> {
  const bare = text.replace(/\(0\)/g, '').replace(/[^\d+]/g, '')
  const known = FRENCH_MOBILE.exec(bare)
  if (known && /^[\d\s+().\-/]+$/.test(text)) return { ok: true, value: `+33${known[1]}` }
  const given = typeof cell === 'number' || /^[1-9]\d{8}$/.test(bare) ? withoutLostZero(bare) : text
  const options = { defaultCountry: 'FR', extract: false } as const
  const phone = library().parsePhoneNumberFromString(given.replace('(0)', ''), options)
  if (!phone?.isPossible()) return { ok: false, code: 'mobile_invalid' }
  const kind = phone.isValid() ? phone.getType() : undefined
  const mobile = kind === 'MOBILE' || kind === 'FIXED_LINE_OR_MOBILE'
  return { ok: true, value: phone.number, ...(mobile ? {} : { warning: 'mobile_unusual' as const }) }
}

const withoutLostZero = (digits: string) => (digits.length === 9 ? `+33${digits}` : `+${digits}`)

/** Metadata layout: country[11] lists the patterns by type, of which [1] is `mobile`. */
function frenchMobilePattern(): string {
  const types = metadata.countries.FR[11] as [string[], string[]]
  return types[1][0]!
}
