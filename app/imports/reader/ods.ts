import type { CellValue } from '#shared/cells'
import { foreignCurrency } from '#shared/written_amount'
import { Unreadable, type Limits } from '#imports/reader/limits'
import type { Row, SheetSource, Span } from '#imports/reader/rows'
import { attribute, decodeText, XmlScanner } from '#shared/xml'
import type { Archive } from '#shared/archive'

/**
 * The sheets of an .ods. A repeated row or cell is repeated only within the limits: the format
 * can ask for a million copies in a few bytes.
 */
export async function* odsSheets(archive: Archive, limits: Limits): AsyncGenerator<SheetSource> {
  const part = 'content.xml'
  const tables = await countTables(archive.stream(part))
  for (let index = 0; index < tables; index++) {
    const reader = new TableReader(index, limits)
    const batches = tableRows(archive.stream(part), reader)
    const first = await batches.next()
    if (reader.name === null) return
    const spans = async () => reader.spans
    yield { name: reader.name, date1904: false, batches: resumed(first, batches), spans }
  }
}

/** At most how many tables there are: so that the last one is not read again to find no other. */
async function countTables(chunks: AsyncIterable<Buffer>): Promise<number> {
  let count = 0
  let end = ''
  for await (const chunk of chunks) {
    const text = end + chunk.toString('latin1')
    count += text.match(/<table:table[\s>]/g)?.length ?? 0
    end = text.slice(-12).replace(/<table:table[\s>]/, '')
  }
  return count
}

async function* resumed(first: IteratorResult<Row[]>, rest: AsyncGenerator<Row[]>): AsyncGenerator<Row[]> {
  if (!first.done) yield first.value
  yield* rest
}

async function* tableRows(chunks: AsyncIterable<Buffer>, reader: TableReader): AsyncGenerator<Row[]> {
  const scanner = new XmlScanner(reader)
  const decoder = new TextDecoder()
  for await (const chunk of chunks) {
    scanner.feed(decoder.decode(chunk, { stream: true }))
    const rows = reader.take()
    if (rows.length > 0) yield rows
    if (reader.done) return
  }
  scanner.end()
}

/** Reads the `wanted`-th table of the document; the others pass by. */
class TableReader {
  name: string | null = null
  done = false
  readonly spans: Span[] = []
  private rows: Row[] = []
  private table = -1
  private number = 0
  private cells: CellValue[] | null = null
  private rowRepeat = 1
  private rowHidden = false
  private cell: { attributes: string; repeat: number; text: string } | null = null
  private paragraph = 0
  private aside = 0

  private readonly wanted: number
  private readonly limits: Limits

  constructor(wanted: number, limits: Limits) {
    this.wanted = wanted
    this.limits = limits
  }

  take(): Row[] {
    const rows = this.rows
    this.rows = []
    return rows
  }

  open(name: string, attributes: string) {
    if (name === 'table') {
      this.table++
      if (this.table === this.wanted) this.name = attribute(attributes, 'table:name') ?? ''
    } else if (this.table !== this.wanted) return
    else if (name === 'table-row') {
      this.rowRepeat = repeat(attributes, 'table:number-rows-repeated')
      this.rowHidden = HIDDEN.has(attribute(attributes, 'table:visibility') ?? '')
      this.cells = []
    } else if (this.cells && (name === 'table-cell' || name === 'covered-table-cell')) {
      this.cell = { attributes, repeat: repeat(attributes, 'table:number-columns-repeated'), text: '' }
    } else if (this.cell) this.openInCell(name, attributes)
  }

  private openInCell(name: string, attributes: string) {
    if (name === 'annotation') this.aside++
    else if (name === 'p') {
      if (this.paragraph === 0 && this.cell!.text !== '') this.cell!.text += '\n'
      this.paragraph++
    } else if (name === 's') this.cell!.text += ' '.repeat(Math.min(100, repeat(attributes, 'text:c')))
    else if (name === 'line-break') this.cell!.text += '\n'
    else if (name === 'tab') this.cell!.text += '\t'
  }

  text(raw: string) {
    if (this.cell && this.paragraph > 0 && this.aside === 0) this.cell.text += raw
  }

  close(name: string) {
    if (name === 'table') this.done ||= this.table === this.wanted
    else if (this.table !== this.wanted || this.done) return
    else if (name === 'annotation') this.aside--
    else if (name === 'p') this.paragraph--
    else if ((name === 'table-cell' || name === 'covered-table-cell') && this.cell) this.closeCell()
    else if (name === 'table-row' && this.cells) this.closeRow()
  }

  private closeCell() {
    const { attributes, text } = this.cell!
    const value = valueOf(attributes, text)
    const rows = repeat(attributes, 'table:number-rows-spanned')
    if (rows > 1)
      this.spans.push({ column: this.cells!.length, from: this.number + 1, to: this.number + rows })
    const room = this.limits.columns - this.cells!.length
    const copies = Math.min(this.cell!.repeat, Math.max(0, room))
    for (let copy = 0; copy < copies; copy++) this.cells!.push(value)
    this.cell = null
  }

  private closeRow() {
    const cells = this.cells!
    while (cells.length > 0 && cells.at(-1) === null) cells.pop()
    if (cells.length === 0) this.number += this.rowRepeat
    else {
      if (this.number + this.rowRepeat > this.limits.rows + 1000) throw new Unreadable('too_many_rows')
      for (let copy = 0; copy < this.rowRepeat; copy++) {
        this.number++
        this.rows.push({
          number: this.number,
          cells: copy === 0 ? cells : [...cells],
          hidden: this.rowHidden,
        })
      }
    }
    this.cells = null
  }
}

/** Folded away by hand, or by a filter. */
const HIDDEN = new Set(['collapse', 'filter'])

const repeat = (attributes: string, name: string) =>
  Math.max(1, Math.trunc(Number(attribute(attributes, name)) || 1))

function valueOf(attributes: string, text: string): CellValue {
  switch (attribute(attributes, 'office:value-type')) {
    case 'float':
    case 'currency':
    case 'percentage': {
      const value = Number(attribute(attributes, 'office:value') ?? Number.NaN)
      if (!Number.isFinite(value)) return decodeText(text) || null
      const currency = foreignCurrency(attribute(attributes, 'office:currency') ?? '')
      return currency ? `${value} ${currency}` : value
    }
    case 'date':
      return attribute(attributes, 'office:date-value')?.slice(0, 10) || decodeText(text) || null
    case 'boolean':
      return attribute(attributes, 'office:boolean-value') === 'true'
    default:
      return decodeText(text) || null
  }
}
