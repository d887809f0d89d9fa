import type { CivilDate } from '#shared/clock'
import type { CheckRules } from '#imports/checking/check_row'
import type { Sheet } from '#imports/checking/sheet'
import type { Field } from '#imports/fields'
import { daysAfter, frenchDate, readDate } from '#shared/written_date'

/** When the invoice was issued and due. An invoice from the future is a slip; a due date may be ahead. */
export function checkDates(
  sheet: Sheet,
  rules: CheckRules
): { issuedOn: CivilDate | null; dueOn: CivilDate | null } {
  const issuedOn = issued(sheet, rules)
  if (!sheet.text('due_on') && !sheet.isUnknown('due_on'))
    return { issuedOn, dueOn: issuedOn && daysAfter(issuedOn, rules.defaultPaymentTermDays) }
  const dueOn = dayOf(sheet, 'due_on')
  if (dueOn === null || (issuedOn !== null && dueOn < issuedOn)) {
    sheet.reject('due_on', 'date_invalid')
    return { issuedOn, dueOn: null }
  }
  return { issuedOn, dueOn }
}

function issued(sheet: Sheet, rules: CheckRules): CivilDate | null {
  if (!sheet.text('issued_on') && !sheet.isUnknown('issued_on')) {
    sheet.reject('issued_on', 'date_missing')
    return null
  }
  const issuedOn = dayOf(sheet, 'issued_on')
  if (issuedOn === null) sheet.reject('issued_on', 'date_invalid')
  else if (issuedOn > rules.today) sheet.reject('issued_on', 'date_future')
  return issuedOn
}

function dayOf(sheet: Sheet, field: Field): CivilDate | null {
  const cell = sheet.cell(field)
  const day = readDate(typeof cell === 'string' ? sheet.text(field) : cell, sheet.date1904)
  // A date cell arrives as ISO text: that is how it was read, not how it was written.
  if (day !== null && cell !== day) sheet.became(field, frenchDate(day))
  return day
}
