import { formatEuros, type Cents } from '#shared/money'
import type { Sheet } from '#imports/checking/sheet'
import type { Field } from '#imports/fields'
import { readAmount } from '#imports/normalise/amounts'

/** What was invoiced and already paid; what is due is the difference, whatever the sheet says. */
export function checkAmounts(sheet: Sheet): { amountCents: Cents | null; downPaymentCents: Cents | null } {
  const amountCents = invoiced(sheet)
  const downPaymentCents = paid(sheet)
  if (amountCents === null || downPaymentCents === null) return { amountCents, downPaymentCents }

  const dueCents = amountCents - downPaymentCents
  const blamed: Field = downPaymentCents > 0 ? 'down_payment' : 'amount'
  if (dueCents === 0) sheet.reject(blamed, 'nothing_due')
  else if (dueCents < 0) sheet.reject(blamed, 'overpaid')
  else compareDeclared(sheet, dueCents)
  return { amountCents, downPaymentCents }
}

function invoiced(sheet: Sheet): Cents | null {
  const text = sheet.text('amount')
  if (!text) {
    sheet.reject('amount', 'amount_missing')
    return null
  }
  const amountCents = euros(sheet, 'amount')
  if (amountCents !== null && amountCents >= 0) return amountCents
  sheet.reject('amount', 'amount_invalid')
  return null
}

function paid(sheet: Sheet): Cents | null {
  if (!sheet.text('down_payment')) return 0
  const paidCents = euros(sheet, 'down_payment')
  if (paidCents !== null && paidCents >= 0) return paidCents
  sheet.reject('down_payment', 'amount_invalid')
  return null
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
