import { companyName } from '#imports/normalise/names'
import { readInvoiceNumbers } from '#imports/normalise/invoices'
import type { CheckRules } from '#imports/checking/check_row'
import type { Sheet } from '#imports/checking/sheet'

/** `invoices.number` is one text of at most this length. */
const MAX_NUMBERS_TEXT = 255

/** What the invoice says, and who issued it. */
export function checkInvoice(sheet: Sheet, rules: CheckRules) {
  checkEmitter(sheet)
  const numbers = readInvoiceNumbers(sheet.text('invoice_number') ? sheet.cell('invoice_number') : null)
  const joined = numbers.join(', ')
  if (numbers.length === 0) sheet.reject('invoice_number', 'invoice_missing')
  else if (joined.length > MAX_NUMBERS_TEXT) sheet.reject('invoice_number', 'invoice_missing')
  else sheet.became('invoice_number', joined)

  const description = sheet.text('description')
  if (!description && rules.descriptionRequired) sheet.reject('description', 'description_missing')
  sheet.became('description', description)
  return {
    invoiceNumber: joined && joined.length <= MAX_NUMBERS_TEXT ? joined : null,
    invoiceCount: numbers.length || null,
    description: description || null,
  }
}

/** A table of one creditor may leave its own name out; a column that names it is filled on every row. */
function checkEmitter(sheet: Sheet) {
  if (!sheet.has('emitter')) return
  const emitter = sheet.text('emitter')
  if (!emitter) sheet.reject('emitter', 'emitter_missing')
  else sheet.became('emitter', companyName(emitter))
}
