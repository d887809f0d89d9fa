import { serialToDate } from '#shared/written_date'
import type { CellValue } from '#shared/cells'
import { Unreadable, type Limits } from '#imports/reader/limits'
import type { Row, SheetSource, Span } from '#imports/reader/rows'
import { readSharedStrings, SharedStrings } from '#imports/reader/shared_strings'
import { readStyles, type Styles } from '#imports/reader/styles'
import { decodeExcel } from '#imports/reader/excel_text'
import { attribute, decodeText, scanXml, textPieces, XmlScanner } from '#shared/xml'
import type { Archive } from '#shared/archive'

const NO_STYLES: Styles = { dates: new Set(), currencies: new Map() }

type Book = {
  date1904: boolean
  sheets: { name: string; part: string }[]
  strings: string | null
  styles: string | null
}

/**
 * The visible sheets of an .xlsx, in order. Written here because the libraries that read .xlsx
 * hold all the shared strings as a tree (550 MB for 100,000 rows), believe declared sizes, or
 * stop at cells without the optional `r`: see docs/decisions/0014.
 */
export async function* xlsxSheets(archive: Archive, limits: Limits): AsyncGenerator<SheetSource> {
  const book = await readBook(archive)
  const strings = book.strings
    ? await readSharedStrings(archive.stream(book.strings), limits)
    : new SharedStrings(limits)
  const styles = book.styles ? await readStyles(archive.stream(book.styles)) : NO_STYLES
  for (const { name, part } of book.sheets) {
    const cells = new CellReader(strings, styles, book.date1904)
    const batches = sheetRows(archive.stream(part), cells, limits)
    yield { name, date1904: book.date1904, batches, spans: () => verticalSpans(archive.stream(part)) }
  }
}

async function readBook(archive: Archive): Promise<Book> {
  const root = await relations(archive, '')
  const bookPart = root.find(({ type }) => type === 'officeDocument')?.target
  if (!bookPart || !archive.has(bookPart)) throw new Unreadable('damaged', 'no workbook')
  const related = await relations(archive, bookPart)
  const byType = (type: string) => {
    const target = related.find((relation) => relation.type === type)?.target
    return target && archive.has(target) ? target : null
  }
  let date1904 = false
  const sheets: Book['sheets'] = []
  await scanXml(archive.stream(bookPart), {
    open(name, attributes) {
      if (name === 'workbookPr') date1904 = /^(1|true|on)$/.test(attribute(attributes, 'date1904') ?? '')
      if (name !== 'sheet' || attribute(attributes, 'state')?.toLowerCase().includes('hidden')) return
      const id = /(?:^|\s)\w+:id\s*=\s*["']([^"']+)["']/.exec(attributes)?.[1]
      const part = related.find((relation) => relation.id === id && relation.type === 'worksheet')?.target
      if (part && archive.has(part)) sheets.push({ name: attribute(attributes, 'name') ?? '', part })
    },
    close() {},
  })
  if (sheets.length === 0) throw new Unreadable('no_table', 'no visible sheet')
  return { date1904, sheets, strings: byType('sharedStrings'), styles: byType('styles') }
}

type Relation = { id: string; type: string; target: string }

async function relations(archive: Archive, part: string): Promise<Relation[]> {
  const slash = part.lastIndexOf('/') + 1
  const folder = part.slice(0, slash)
  const name = `${folder}_rels/${part.slice(slash)}.rels`
  if (!archive.has(name)) return []
  const found: Relation[] = []
  await scanXml(archive.stream(name), {
    open(tag, attributes) {
      if (tag !== 'Relationship' || attribute(attributes, 'TargetMode') === 'External') return
      const type = (attribute(attributes, 'Type') ?? '').replace(/^.*\//, '')
      const target = new URL(attribute(attributes, 'Target') ?? '', `zip:///${folder}`).pathname.slice(1)
      found.push({ id: attribute(attributes, 'Id') ?? '', type, target: decodeURIComponent(target) })
    },
    close() {},
  })
  return found
}

async function* sheetRows(
  chunks: AsyncIterable<Buffer>,
  cells: CellReader,
  limits: Limits
): AsyncGenerator<Row[]> {
  let rows: Row[] = []
  let row: Row | null = null
  let number = 0
  let column = 0
  let inData = false
  const scanner = new XmlScanner({
    open(name, attributes) {
      if (name === 'c' && row) {
        const ref = attribute(attributes, 'r')
        column = ref ? columnOf(ref) : column
        cells.begin(attributes)
      } else if (name === 'row' && inData) {
        number = Math.max(number + 1, Number(attribute(attributes, 'r')) || 0)
        row = { number, cells: [], hidden: /^(1|true)$/.test(attribute(attributes, 'hidden') ?? '') }
        column = 0
      } else if (name === 'sheetData') inData = true
      else if (row) cells.open(name)
    },
    close(name) {
      if (name === 'c' && row) {
        const value = cells.end()
        if (value !== null && column < limits.columns) place(row.cells, column, value)
        column++
      } else if (name === 'row' && row) {
        if (row.cells.length > 0) rows.push(row)
        row = null
      } else if (name === 'sheetData') inData = false
      else if (row) cells.close(name)
    },
    text(raw) {
      if (row) cells.text(raw)
    },
  })
  for await (const text of textPieces(chunks)) {
    scanner.feed(text)
    if (rows.length === 0) continue
    const batch = rows
    rows = []
    yield batch
  }
  scanner.end()
}

function place(cells: CellValue[], column: number, value: CellValue) {
  while (cells.length < column) cells.push(null)
  cells[column] = value
}

/** Where the list of merged cells begins, after the rows; a text cannot say it, its `<` is escaped. */
const MERGED = /<(?:\w+:)?mergeCells[\s>]/
const SPAN = /<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([A-Z]+)(\d+):[A-Z]+(\d+)["']/g
const MAX_MERGED_CHARS = 8 * 1024 * 1024

/** The cells merged over several rows, from the top. */
async function verticalSpans(chunks: AsyncIterable<Buffer>): Promise<Span[]> {
  let text = ''
  let end: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (text !== '') text += chunk.toString('latin1')
    else {
      const seen = Buffer.concat([end, chunk])
      if (seen.includes('mergeCells') && MERGED.test(seen.toString('latin1'))) text = seen.toString('latin1')
      end = seen.subarray(-100)
    }
    if (text.length > MAX_MERGED_CHARS) throw new Unreadable('too_large', 'merged cells')
  }
  return Array.from(text.matchAll(SPAN), ([, column, from, to]) => ({
    column: columnOf(column!),
    from: Number(from),
    to: Number(to),
  }))
    .filter(({ from, to }) => to > from)
    .toSorted((a, b) => a.from - b.from)
}

/** `AB12` → 27. */
function columnOf(ref: string): number {
  let column = 0
  for (let at = 0; at < 4; at++) {
    const letter = ref.charCodeAt(at) & 0xdf
    if (letter < 65 || letter > 90) break
    column = column * 26 + letter - 64
  }
  return column - 1
}

/** What is gathered between `<c>` and `</c>`. */
class CellReader {
  private type = ''
  private style = -1
  private value = ''
  private inline = ''
  private into: 'value' | 'inline' | null = null
  private phonetic = false

  private readonly strings: SharedStrings
  private readonly styles: Styles
  private readonly date1904: boolean

  constructor(strings: SharedStrings, styles: Styles, date1904: boolean) {
    this.strings = strings
    this.styles = styles
    this.date1904 = date1904
  }

  begin(attributes: string) {
    this.type = attribute(attributes, 't') ?? ''
    this.style = this.styles === NO_STYLES ? -1 : Number(attribute(attributes, 's') ?? -1)
    this.value = ''
    this.inline = ''
    this.into = null
    this.phonetic = false
  }

  open(name: string) {
    if (name === 'v') this.into = 'value'
    else if (name === 't') this.into = this.phonetic ? null : 'inline'
    else if (name === 'rPh') this.phonetic = true
  }

  close(name: string) {
    if (name === 'v' || name === 't') this.into = null
    else if (name === 'rPh') this.phonetic = false
  }

  text(raw: string) {
    if (this.into === 'value') this.value += raw
    else if (this.into === 'inline') this.inline += raw
  }

  /** The cell's value; of a formula, the value Excel last computed. */
  end(): CellValue {
    switch (this.type) {
      case 's':
        return this.strings.at(Number(this.value))
      case 'inlineStr':
        return decodeExcel(decodeText(this.inline)) || null
      case 'str':
      case 'e':
        return decodeExcel(decodeText(this.value)) || null
      case 'b':
        return this.value === '' ? null : this.value === '1' || this.value === 'true'
      case 'd':
        return this.value.slice(0, 10) || null
      default:
        return this.number()
    }
  }

  private number(): CellValue {
    const text = this.value.trim()
    if (text === '') return null
    const value = Number(text)
    if (Number.isNaN(value)) return decodeText(text)
    // A time of day alone (below one) is not a date.
    if (value >= 1 && this.styles.dates.has(this.style)) return serialToDate(value, this.date1904) ?? value
    const currency = this.styles.currencies.get(this.style)
    return currency ? `${value} ${currency}` : value
  }
}
