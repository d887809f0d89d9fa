import { formatEuros, type Cents } from '#shared/money'
import type { Sheet } from '#imports/checking/sheet'
import type { Field } from '#imports/fields'
import { foreignCurrency, readAmount } from '#shared/written_amount'

/** What was invoiced and already paid; what is due is the difference, whatever the sheet says. */
export function checkAmounts(sheet: Sheet): { amountCents: Cents | null; downPaymentCents: Cents | null } {
  const amountCents = invoiced(sheet)
  checkCurrency(sheet)
  const downPaymentCents = sheet.has('down_payment') ? paid(sheet) : paidByWhatIsLeft(sheet, amountCents)
  if (amountCents === null || downPaymentCents === null) return { amountCents, downPaymentCents }

  const dueCents = amountCents - downPaymentCents
  const blamed: Field =
    downPaymentCents === 0 ? 'amount' : sheet.has('down_payment') ? 'down_payment' : 'due_amount'
  if (dueCents === 0) sheet.reject(blamed, 'nothing_due')
  else if (dueCents < 0) sheet.reject(blamed, 'overpaid')
  else compareDeclared(sheet, dueCents)
  return { amountCents, downPaymentCents }
}

function invoiced(sheet: Sheet): Cents | null {
  if (!sheet.text('amount') && !sheet.isUnknown('amount')) {
    sheet.reject('amount', 'amount_missing')
    return null
  }
  return positive(sheet, 'amount')
}

function paid(sheet: Sheet): Cents | null {
  if (!sheet.text('down_payment') && !sheet.isUnknown('down_payment')) return 0
  return positive(sheet, 'down_payment')
}

/**
 * A table without a column of down payments that says less left than invoiced tells what was
 * paid: nobody is asked for more than their creditor says they owe.
 */
function paidByWhatIsLeft(sheet: Sheet, amountCents: Cents | null): Cents | null {
  if (!sheet.text('due_amount') && !sheet.isUnknown('due_amount')) return 0
  const leftCents = euros(sheet, 'due_amount')
  if (leftCents === null) sheet.reject('due_amount', 'amount_invalid')
  return leftCents === null || amountCents === null ? null : Math.max(0, amountCents - leftCents)
}

function positive(sheet: Sheet, field: Field): Cents | null {
  const amount = euros(sheet, field)
  if (amount !== null && amount >= 0) return amount
  const foreign = foreignCurrency(sheet.text(field))
  sheet.reject(field, 'amount_invalid', foreign ?? undefined)
  return null
}

/** Everything here is in euros: an amount of another currency would be asked for at its figure. */
function checkCurrency(sheet: Sheet) {
  const text = sheet.text('currency')
  if (text && !/^(€|eur(os?)?)$/i.test(text)) sheet.reject('currency', 'amount_invalid', text)
}

function compareDeclared(sheet: Sheet, dueCents: Cents) {
  const text = sheet.text('due_amount')
  if (!text) return
  const declared = readAmount(sheet.cell('due_amount'))
  if (declared === dueCents) return
  sheet.warn('due_amount', 'due_mismatch')
  sheet.became('due_amount', formatEuros(dueCents), declared === null ? text : formatEuros(declared))
}

/** The amount of a cell; a number rounded to the cent is a change that is shown. */
function euros(sheet: Sheet, field: Field): Cents | null {
  const cell = sheet.cell(field)
  const amount = readAmount(cell)
  if (amount !== null && typeof cell === 'number' && Math.abs(amount / 100 - cell) > 1e-6) {
    sheet.became(field, formatEuros(amount))
  }
  return amount
}
