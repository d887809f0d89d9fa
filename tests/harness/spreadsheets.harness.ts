import { readdirSync, readFileSync } from 'node:fs'
import type Creditor from '#creditors/models/creditor'
import type { CellValue } from '#shared/cells'
import { between, seeded, type Random } from '#tests/fakes/stripe/random'
import { csvText, goodCells, headerCells, xlsx, xlsxRow, zip } from '#tests/fixtures/spreadsheets'
import { startApplication } from '#tests/harness/application'
import type { Harness } from '#tests/harness/harness'

/** A reader's memory is looked at this often; the kernel keeps the most it ever held. */
const WATCH_MS = 10
const MOST_MB = 256
const TABLES = ['imports', 'import_rows', 'debtors', 'addresses', 'claims', 'invoices', 'postings']

/**
 * Bar 15: malformed spreadsheets, each deposited whole. None ends a process, none fills the
 * reader's memory; each is refused with a reason or rejected with the row and the column, and
 * then leaves nothing behind; whatever still enters had no rejected row.
 */
export default {
  short: 25,
  long: 300,
  async run({ seed, size }) {
    const random = seeded(seed)
    const application = await startApplication()
    const tally = { refused: 0, rejected: 0, entered: 0 }
    const problems: string[] = []
    let peakMb = 0
    const watch = setInterval(() => (peakMb = Math.max(peakMb, largestChildMb())), WATCH_MS)
    try {
      const creditor = await givenOwner()
      for (let index = 0; index < size; index++) {
        const [name, make] = WAYS[index % WAYS.length]!
        const before = await counts()
        const { outcome, problem } = await deposit(creditor, make(random))
        if (problem) problems.push(`${index}, ${name}: ${problem}`)
        if (outcome) tally[outcome] += 1
        const after = await counts()
        if (outcome !== 'entered' && after !== before)
          problems.push(`${index}, ${name}: left ${after}, not ${before}`)
      }
      if (peakMb > MOST_MB) problems.push(`a reader held ${peakMb} MB`)
      return { problems, ways: WAYS.length, ...tally, peakMb }
    } finally {
      clearInterval(watch)
      await application.stop()
    }
  },
} satisfies Harness

type Deposit = { outcome?: 'refused' | 'rejected' | 'entered'; problem?: string }

async function deposit(creditor: Creditor, bytes: Buffer): Promise<Deposit> {
  const { default: ImportTable } = await import('#imports/actions/import_table')
  const { Unreadable } = await import('#imports/reader/limits')
  const { ColumnsMissing } = await import('#imports/table_report')
  const input = { creditor, bytes, filename: 'table', columns: { by: 'recognition' } as const }
  try {
    const { outcome, report } = await new ImportTable().handle({
      ...input,
      partial: false,
      acceptTerms: false,
    })
    const { rejected } = report.summary
    const unplaced = rejected.filter(({ row, column }) => !(row > 1) || !column)
    if (unplaced.length > 0) return { problem: `an error without its place: ${JSON.stringify(unplaced[0])}` }
    if (outcome !== 'committed') return { outcome: 'rejected' }
    return rejected.length > 0 ? { problem: 'entered with rejected rows' } : { outcome: 'entered' }
  } catch (error) {
    if (error instanceof Unreadable || error instanceof ColumnsMissing) return { outcome: 'refused' }
    return { problem: String((error as Error).stack ?? error).slice(0, 500) }
  }
}

async function givenOwner(): Promise<Creditor> {
  const { givenAgency, givenCreditor } = await import('#tests/fixtures/domain')
  await givenAgency({ emailRequired: false })
  return givenCreditor()
}

/** What each table of the import's way holds; the refused file itself is kept as such. */
async function counts(): Promise<string> {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const rows = await Promise.all(TABLES.map((table) => db.from(table).count('* as n').firstOrFail()))
  return rows.map(({ n }, index) => `${TABLES[index]} ${n}`).join(', ')
}

/** The most that any living child of this process has held. */
function largestChildMb(): number {
  const threads = readdirSync('/proc/self/task')
  const pids = threads.flatMap((thread) => readOrEmpty(`/proc/self/task/${thread}/children`).split(' '))
  const held = pids.map((pid) => Number(/VmHWM:\s+(\d+)/.exec(readOrEmpty(`/proc/${pid}/status`))?.[1] ?? 0))
  return Math.round(Math.max(0, ...held) / 1024)
}

/** A process may end while it is looked at. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

type Way = readonly [name: string, make: (random: Random) => Buffer]

const rows = (count: number, values: Parameters<typeof goodCells>[0] = {}) =>
  Array.from({ length: count }, () => goodCells(values))
const book = (cells: CellValue[][], more: Partial<Parameters<typeof xlsx>[0]> = {}) =>
  xlsx({ rows: [headerCells as CellValue[], ...cells].map((row) => xlsxRow(row)).join(''), ...more })
const csv = (cells: CellValue[][], delimiter = ';') => csvText([headerCells, ...cells], delimiter)
const one = <T>(random: Random, list: readonly T[]): T => list[between(random, 0, list.length - 1)]!

/** Each way to go wrong, with chance in where and how. */
const WAYS: readonly Way[] = [
  [
    'cut short',
    (random) => {
      const file = book(rows(5))
      return file.subarray(0, between(random, 1, file.length - 1))
    },
  ],
  ['bytes flipped', flipped],
  [
    'random bytes',
    (random) => Buffer.from(Array.from({ length: between(random, 1, 4000) }, () => between(random, 0, 255))),
  ],
  ['empty', () => Buffer.alloc(0)],
  [
    'a zip bomb',
    () => book([], { rows: `<row><c t="inlineStr"><is><t>${'A'.repeat(80_000_000)}</t></is></c></row>` }),
  ],
  [
    'sizes that lie',
    (random) =>
      zip([
        { name: 'xl/worksheets/sheet1.xml', content: '<worksheet/>', declared: between(random, 0, 2 ** 31) },
      ]),
  ],
  [
    'names that climb',
    () =>
      zip([
        { name: '../../../etc/passwd', content: 'root' },
        { name: 'xl/workbook.xml', content: '<workbook/>' },
      ]),
  ],
  [
    'entities',
    () =>
      book([], {
        rows: '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>',
      }),
  ],
  [
    'headers that every object has',
    (random) =>
      Buffer.from(
        csvText([['__proto__', 'constructor', 'toString', 'hasOwnProperty'], ...rows(between(random, 1, 5))])
      ),
  ],
  [
    'columns beyond the last',
    (random) =>
      book([], {
        rows: `${xlsxRow(headerCells as CellValue[])}<row r="2"><c r="XFD${between(random, 2, 9)}"><v>1</v></c><c r="ZZZZZZ2"><v>1</v></c></row>`,
      }),
  ],
  [
    'rows out of order',
    (random) =>
      book([], {
        rows: `${xlsxRow(headerCells as CellValue[], ' r="1"')}${xlsxRow(goodCells(), ` r="${between(random, -5, 2_000_000)}"`)}${xlsxRow(goodCells(), ' r="2"')}`,
      }),
  ],
  [
    'strings that are not shared',
    (random) =>
      book([], {
        strings: ['only'],
        rows: `${xlsxRow(headerCells as CellValue[])}<row><c t="s"><v>${one(random, ['1', '-1', '1e9', 'x', ''])}</v></c></row>`,
      }),
  ],
  [
    '1904 dates',
    (random) =>
      book(rows(3, { issued_on: between(random, 40_000, 48_000) }), {
        workbookPr: '<workbookPr date1904="1"/>',
      }),
  ],
  [
    'dates that are none',
    (random) =>
      book(
        rows(3, {
          issued_on: one(random, ['32/13/2026', '00/00/0000', '2026-02-30', 'hier', 1e15, -1, '15/03/20266']),
        })
      ),
  ],
  [
    'amounts that are none',
    (random) =>
      book(
        rows(3, {
          amount: one(random, ['abc', '1e3', '1,2,3', '∞', 'NaN', -5, 1e300, '0x10', '1.234.5', '12 €€']),
        })
      ),
  ],
  [
    'addresses of two people',
    (random) =>
      book(
        rows(3, {
          email: one(random, [
            'a@x.fr, v@evil.fr',
            'a@x.fr\r\nBcc: v@evil.fr',
            '"a b"@x.fr',
            'a@x',
            '<a@x.fr>',
            'a@x.fr;',
          ]),
        })
      ),
  ],
  [
    'formulas',
    (random) =>
      book([], {
        rows: `${xlsxRow(headerCells as CellValue[])}<row><c><f>${one(random, ['1/0', "cmd|' /C calc'!A1", 'WEBSERVICE("http://127.0.0.1/")'])}</f></c><c t="e"><v>#REF!</v></c></row>`,
      }),
  ],
  [
    'invisible signs',
    (random) =>
      Buffer.from(
        csv(
          rows(3, {
            full_name: `Ca\u200bmille\u202e ${one(random, ['\u0000', '\ufeff', '\u2028', '\u00ad'])}Martin`,
            amount: '1\u202f234,56\u00a0€',
          })
        )
      ),
  ],
  [
    'a quote that never closes',
    () => Buffer.from(`${csv(rows(2))}\r\n"Madame;Camille;${'x'.repeat(2000)}\r\n${'y;'.repeat(500)}`),
  ],
  [
    'cp1252 and worse',
    (random) =>
      Buffer.concat([
        Buffer.from(csv(rows(2, { full_name: 'Hélène Brûlé' })), 'latin1'),
        Buffer.from([between(random, 128, 255), 0, 255, 254]),
      ]),
  ],
  ['utf-16', (random) => Buffer.from(`\ufeff${csv(rows(between(random, 1, 4)), '\t')}`, 'utf16le')],
  ['a cell without end', () => Buffer.from(csv(rows(1, { description: 'x'.repeat(3_000_000) })))],
  ['nothing but headers', (random) => (random() < 0.5 ? Buffer.from(csv([])) : book([]))],
  [
    'an old workbook',
    (random) =>
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(between(random, 1, 9000))]),
  ],
  ['an encrypted part', () => zip([{ name: 'xl/workbook.xml', content: 'secret', flags: 1 }])],
]

function flipped(random: Random): Buffer {
  const file = Buffer.from(book(rows(5)))
  for (let count = between(random, 1, 40); count > 0; count--)
    file[between(random, 0, file.length - 1)] = between(random, 0, 255)
  return file
}
