import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import Agency from '#agency/models/agency'
import Creditor from '#creditors/models/creditor'
import type { CellValue } from '#shared/cells'
import { TEMPLATE_HEADERS } from '#imports/fields'

type Column = keyof typeof TEMPLATE_HEADERS
const COLUMNS = Object.keys(TEMPLATE_HEADERS) as Column[]
const HEADERS = Object.values(TEMPLATE_HEADERS)

const AT = '2026-11-23T08:00:00.000Z'

/** The agency and the creditor that a table needs. */
export async function populate(): Promise<Creditor> {
  const at = { createdAt: AT, updatedAt: AT }
  await Agency.create({
    name: 'Cabinet Amiable',
    addressLines: ['12 rue des Archives', '75004 PARIS'],
    ...at,
  })
  return Creditor.create({
    ref: 'C-1',
    name: 'STUDIO RIVAGE',
    addressLines: ['PARIS'],
    email: 'compta@studio-rivage.example',
    iban: 'FR1420041010050500013M02606',
    sector: 'general',
    ...at,
  })
}

/** The template's columns, every row a debtor of its own, one in two a company. */
export async function writeTable(file: string, format: 'xlsx' | 'csv', rows: number) {
  if (format === 'xlsx') return writeXlsx(file, rows)
  const lines = [HEADERS.join(';')]
  for (let index = 0; index < rows; index++) lines.push(cells(index).map(inCsv).join(';'))
  return writeFile(file, lines.join('\n'))
}

async function writeXlsx(file: string, rows: number) {
  const { default: ExcelJS } = await import('exceljs')
  const stream = createWriteStream(file)
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useSharedStrings: true })
  const sheet = workbook.addWorksheet('Créances')
  sheet.addRow(HEADERS).commit()
  for (let index = 0; index < rows; index++) sheet.addRow(cells(index)).commit()
  await workbook.commit()
  if (!stream.closed) await once(stream, 'close')
}

function cells(index: number): CellValue[] {
  const number = String(index).padStart(6, '0')
  const company = index % 2 === 0
  const values: Partial<Record<Column, CellValue>> = {
    civility: index % 3 === 0 ? 'Madame' : 'Monsieur',
    full_name: `Camille ${inLetters(index)}`,
    address: `${(index % 200) + 1}, rue de la Paix 75002 Paris`,
    company_name: company ? `ATELIER ${inLetters(index).toUpperCase()}` : null,
    email: `camille${number}@exemple.fr`,
    mobile: `06${String(10_000_000 + index)}`,
    emitter: 'STUDIO RIVAGE',
    emitter_address: '12 quai de la Tournelle 75005 Paris',
    invoice_number: `FA-${number}`,
    issued_on: `${String((index % 27) + 1).padStart(2, '0')}/03/2026`,
    due_on: `${String((index % 27) + 1).padStart(2, '0')}/04/2026`,
    description: 'Prestation de conseil',
    amount: 100 + (index % 90_000) / 100,
    down_payment: index % 10 === 0 ? 50 : 0,
  }
  return COLUMNS.map((column) => values[column] ?? null)
}

/** A surname of its own for each number, without a digit. */
const inLetters = (index: number) =>
  `Ma${Array.from(String(index), (digit) => String.fromCharCode(97 + Number(digit))).join('')}`

const inCsv = (cell: CellValue) =>
  typeof cell === 'number' ? cell.toFixed(2).replace('.', ',') : (cell ?? '')
