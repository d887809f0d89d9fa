import { onDemand } from '#shared/on_demand'

const numbers = onDemand<typeof import('libphonenumber-js/max')>('libphonenumber-js/max')

/** A telephone number as somebody wrote it: with its prefix, or without when its country is given. */
export const readPhone = (text: string, country?: 'FR') => numbers().parsePhoneNumberFromString(text, country)

/** Reads a number as people type it, French when it names no country; E.164, or null. */
export function parsePhone(typed: string): string | null {
  const phone = readPhone(typed, 'FR')
  return phone?.isValid() ? phone.number : null
}

/** `06 •• •• •• 78`: enough to recognise one's own. */
export function maskedNumber(number: string): string {
  const shown = readPhone(number, 'FR')?.formatNational() ?? number
  const digits = shown.replace(/\D/g, '').length
  let seen = 0
  return shown.replace(/\d/g, (digit) => (++seen <= 2 || seen > digits - 2 ? digit : '•'))
}

const MOBILE_TYPES: readonly (string | undefined)[] = ['MOBILE', 'FIXED_LINE_OR_MOBILE']

/**
 * Reads one number that can receive an SMS, written as E.164 and nothing else: a
 * landline, a premium rate, a range not allotted, two numbers or one without its
 * country is refused, for whoever would read it otherwise would write to a stranger.
 *
 * @returns the number, or null
 */
export function parseSmsNumber(text: string): string | null {
  if (!/^\+[1-9]\d{6,14}$/.test(text)) return null
  const phone = readPhone(text)
  return phone?.number === text && phone.isValid() && MOBILE_TYPES.includes(phone.getType()) ? text : null
}
