import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

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
  const phone = parsePhoneNumberFromString(text)
  return phone?.number === text && phone.isValid() && MOBILE_TYPES.includes(phone.getType()) ? text : null
}
