import { electronicFormatIBAN, isValidIBAN } from 'ibantools'
import { plainWords } from '#shared/cells'
import type { CivilDate } from '#shared/clock'
import { csvRecords, type CsvRecord } from '#shared/csv_records'
import { DamagedText } from '#shared/damaged_text'
import type { Cents } from '#shared/money'
import { foreignCurrency, readAmount } from '#shared/written_amount'
import { readDate } from '#shared/written_date'
import { csvColumns, type CsvColumns } from '#banking/statements/csv_columns'
import { said, UnreadableStatement, type ReadLine } from '#banking/statements/statement'

/** What banks write above their columns: the account, the period, the balance. */
const HEADER_SEARCH_ROWS = 30

/** Rows that tell no movement: sums and balances below the table. */
const SUMMARY = /^(?:total|solde|sous total|balance)\b/

/**
 * Reads the CSV that a bank's site exports: one signed column of amounts, or one for debits and
 * one for credits.
 *
 * @throws {UnreadableStatement} with the number of the row
 */
export async function* readBankCsv(bytes: Buffer): AsyncGenerator<ReadLine> {
  let columns: CsvColumns | null = null
  let account = ''
  let rows = 0
  try {
    for await (const batch of csvRecords(bytes)) {
      for (const record of batch) {
        rows += 1
        if (!columns) {
          columns = csvColumns(record.cells)
          account ||= ibanAmong(record.cells)
          if (!columns && rows > HEADER_SEARCH_ROWS) throw new UnreadableStatement('no_columns')
        } else if (tellsMovement(record, columns)) yield lineOf(record, columns, account)
      }
    }
  } catch (error) {
    if (error instanceof DamagedText) throw new UnreadableStatement('damaged_csv', rows, error.message)
    throw error
  }
  if (!columns) throw new UnreadableStatement(rows === 0 ? 'empty' : 'no_columns')
}

const ibanAmong = (cells: readonly (string | null)[]) =>
  cells
    .flatMap((cell) => electronicFormatIBAN(cell?.replace(/^\D*IBAN\W*/i, '') ?? '') ?? [])
    .find((text) => isValidIBAN(text)) ?? ''

function tellsMovement({ cells }: CsvRecord, columns: CsvColumns): boolean {
  const filled = cells.filter((cell) => cell !== null && cell.trim() !== '')
  if (filled.length === 0) return false
  return readDate(cells[columns.date!] ?? null) !== null || !SUMMARY.test(plainWords(filled[0]!))
}

function lineOf({ number, cells }: CsvRecord, columns: CsvColumns, account: string): ReadLine {
  const cell = (index: number | undefined) => (index === undefined ? null : said(cells[index]))
  const currency = cell(columns.currency)
  if (currency && foreignCurrency(currency)) throw new UnreadableStatement('currency', number, currency)
  const counterpartyIban = electronicFormatIBAN(cell(columns.counterparty_iban) ?? '')
  return {
    account: electronicFormatIBAN(cell(columns.account) ?? '') || account,
    bookedOn: dateOf(cells[columns.date!], number),
    valueOn: cell(columns.value_date) ? dateOf(cells[columns.value_date!], number) : null,
    amountCents: amountOf(cells, columns, number),
    chargesCents: 0,
    label: columns.label.flatMap((index) => cell(index) ?? []).join(' '),
    counterparty: cell(columns.counterparty),
    counterpartyIban: counterpartyIban && isValidIBAN(counterpartyIban) ? counterpartyIban : null,
    reference: cell(columns.reference),
    endToEndId: cell(columns.end_to_end),
    bankReference: null,
    operation: cell(columns.operation)?.slice(0, 35) ?? null,
    isReturn: false,
    isBatch: false,
    raw: cells.map((text) => text ?? '').join(';'),
  }
}

function dateOf(cell: string | null | undefined, at: number): CivilDate {
  const text = cell?.trim()
  if (!text) throw new UnreadableStatement('date_missing', at)
  return readDate(text) ?? invalid('date_invalid', at, text)
}

function amountOf(cells: CsvRecord['cells'], columns: CsvColumns, at: number): Cents {
  const read = (index: number | undefined): Cents | null => {
    const text = index === undefined ? null : cells[index]?.trim()
    if (!text) return null
    const foreign = foreignCurrency(text)
    if (foreign) throw new UnreadableStatement('currency', at, foreign)
    return readAmount(text) ?? invalid('amount_invalid', at, text)
  }
  if (columns.debit !== undefined && columns.credit !== undefined) {
    const [debit, credit] = [read(columns.debit), read(columns.credit)]
    if (debit && credit) throw new UnreadableStatement('both_columns', at)
    if (debit === null && credit === null) throw new UnreadableStatement('amount_missing', at)
    // Some banks write debits with their sign, others rely on the column.
    return debit ? -Math.abs(debit) : (credit ?? 0)
  }
  const amount = read(columns.amount)
  if (amount === null) throw new UnreadableStatement('amount_missing', at)
  return columns.direction === undefined ? amount : directed(amount, cells[columns.direction], at)
}

function directed(amount: Cents, cell: string | null | undefined, at: number): Cents {
  const words = plainWords(cell ?? '')
  if (/^(?:d|debit|dbit|sortie)\b/.test(words)) return amount === 0 ? 0 : -Math.abs(amount)
  if (/^(?:c|credit|crdt|entree)\b/.test(words)) return Math.abs(amount)
  return invalid('sign_invalid', at, cell ?? '')
}

function invalid(code: 'date_invalid' | 'amount_invalid' | 'sign_invalid', at: number, text: string): never {
  throw new UnreadableStatement(code, at, text.slice(0, 60))
}
