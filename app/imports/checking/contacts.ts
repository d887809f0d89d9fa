import type { CheckRules } from '#imports/checking/check_row'
import type { Sheet } from '#imports/checking/sheet'
import { readEmail } from '#imports/normalise/email'
import { readMobile } from '#imports/normalise/mobile'

/** How to reach the debtor; whether a contact is required is the agency's choice (R16). */
export function checkContacts(sheet: Sheet, rules: CheckRules) {
  return { email: emailOf(sheet, rules), mobile: mobileOf(sheet, rules) }
}

function emailOf(sheet: Sheet, rules: CheckRules): string | null {
  const text = sheet.text('email')
  if (!text) {
    if (rules.emailRequired) sheet.reject('email', 'email_missing')
    return null
  }
  // The raw cell: tidying would turn the line break of a forged header into a space.
  const raw = sheet.cell('email')
  const reading = readEmail(typeof raw === 'string' ? raw.trim() : text)
  if (!reading.ok) {
    sheet.reject('email', 'email_invalid', reading.hint)
    return null
  }
  sheet.became('email', reading.value)
  return reading.value
}

function mobileOf(sheet: Sheet, rules: CheckRules): string | null {
  const text = sheet.text('mobile')
  if (!text) {
    if (rules.mobileRequired) sheet.reject('mobile', 'mobile_missing')
    return null
  }
  const reading = readMobile(sheet.cell('mobile'), text)
  if (!reading.ok) {
    sheet.reject('mobile', 'mobile_invalid')
    return null
  }
  if (reading.warning) sheet.warn('mobile', reading.warning)
  if (text.replace(/[^\d+]/g, '') !== reading.value) sheet.became('mobile', reading.value)
  return reading.value
}
