import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import FeeInvoice from '#banking/fees/fee_invoice'
import { dedicatedAccounts } from '#banking/funds/bank_balance'
import type BankLine from '#banking/models/bank_line'

const MOST = 10

/**
 * Fee invoices that a line may pay whole, or credit notes that it gives back: of that very sum, not paid yet or
 * marked by hand, those that the line names first. None on the dedicated account, which holds the funds of
 * creditors only (R124-2).
 */
export async function invoicesOfLine(line: BankLine, trx?: TransactionClientContract): Promise<FeeInvoice[]> {
  if (line.amountCents === 0 || (await isDedicated(line))) return []
  const invoices = await FeeInvoice.query({ client: trx })
    .whereRaw('fee_cents + vat_cents = ?', [line.amountCents])
    .where('issuedOn', '<=', line.bookedOn)
    .whereHas('remittance', (remittance) => void remittance.where('netting', false))
    .whereDoesntHave('settlement', (settlement) => void settlement.whereNotNull('lineId'))
    .preload('settlement')
    .preload('remittance', (remittance) => remittance.preload('creditor'))
    .orderBy('dueOn')
    .orderBy('id')
    .limit(MOST)
  return invoices.toSorted((one, other) => Number(isNamed(line, other)) - Number(isNamed(line, one)))
}

const isDedicated = async ({ account }: BankLine) =>
  account !== null && (await dedicatedAccounts()).includes(account)

const plain = (text: string) => text.toUpperCase().replace(/[^A-Z0-9]/g, '')

export const isNamed = (line: BankLine, { number }: FeeInvoice) =>
  plain(`${line.endToEndId ?? ''} ${line.reference ?? ''} ${line.label}`).includes(plain(number))
