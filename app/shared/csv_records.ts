import { isUtf8 } from 'node:buffer'
import { DamagedText } from '#shared/damaged_text'

const DELIMITERS = [';', ',', '\t', '|']
const SAMPLE_BYTES = 64 * 1024
const PIECE_BYTES = 256 * 1024
const MAX_RECORD_CHARS = 2 * PIECE_BYTES
const SAMPLE_ROWS = 20

/** A record of a text table: `number` counts from 1, an empty cell is null. */
export type CsvRecord = { number: number; cells: (string | null)[] }

/**
 * Reads a text table in batches of records: UTF-8, UTF-16 or cp1252; semicolons, commas, tabs or
 * bars. A record is a row as a spreadsheet would show it, however many lines its quoted cells take.
 *
 * @throws {DamagedText} while it is read, when a quoted cell never ends
 */
export function csvRecords(bytes: Buffer): AsyncGenerator<CsvRecord[]> {
  const encoding = encodingOf(bytes)
  const opening = openingText(bytes, encoding)
  // Excel's own first line that names the separator is not shown as a row.
  const named = /^sep=(.)\r?\n/i.exec(opening)
  const newline = opening.includes('\n') ? '\n' : '\r'
  const delimiter = named?.[1] ?? guessDelimiter(opening + newline, newline)
  return records(pieces(bytes, encoding, named?.[0].length ?? 0), { delimiter, newline })
}

/** True for bytes that are no text at all. */
export const isBinary = (bytes: Buffer) => openingText(bytes, encodingOf(bytes)).includes('\u0000')

const openingText = (bytes: Buffer, encoding: string) =>
  new TextDecoder(encoding).decode(bytes.subarray(0, SAMPLE_BYTES), { stream: true })

/** cp1252 is what is left when the bytes are not valid UTF-8: Excel's French CSV. */
function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const start = bytes.subarray(0, 512)
  const zeros = (odd: number) => start.filter((byte, at) => byte === 0 && at % 2 === odd).length
  if (zeros(1) > start.length / 4 && zeros(0) === 0) return 'utf-16le'
  if (zeros(0) > start.length / 4 && zeros(1) === 0) return 'utf-16be'
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252'
}

function* pieces(bytes: Buffer, encoding: string, skip: number): Generator<string> {
  const decoder = new TextDecoder(encoding)
  for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) {
    const text = decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true })
    yield at === 0 ? text.slice(skip) : text
  }
  yield decoder.decode()
}

/** The separator that gives the first rows the most columns, alike from row to row. */
function guessDelimiter(text: string, newline: string): string {
  const scored = DELIMITERS.map((delimiter) => {
    const widths: number[] = []
    for (let at = 0, count = 0; count < SAMPLE_ROWS; count++) {
      const record = readRecord(text, at, { delimiter, newline })
      if (!record) break
      if (record.cells.length > 1) widths.push(record.cells.length)
      at = record.end
    }
    const usual = widths.toSorted((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 1
    return { delimiter, score: usual * widths.filter((width) => width === usual).length }
  })
  return scored.toSorted((a, b) => b.score - a.score)[0]!.delimiter
}

type Layout = { delimiter: string; newline: string }

async function* records(texts: Iterable<string>, layout: Layout): AsyncGenerator<CsvRecord[]> {
  let number = 0
  let rest = ''
  for (const piece of texts) {
    const text = rest + piece
    if (text.length > MAX_RECORD_CHARS) throw new DamagedText('a quoted cell never ends')
    const rows: CsvRecord[] = []
    let at = 0
    for (let record; (record = readRecord(text, at, layout)); at = record.end) {
      rows.push({ number: ++number, cells: record.cells })
    }
    rest = text.slice(at)
    yield rows
  }
  if (rest === '') return
  const last = readRecord(rest + layout.newline, 0, layout)
  if (!last) throw new DamagedText('a quoted cell never ends')
  yield [{ number: ++number, cells: last.cells }]
}

/** The record that begins at `from` and where the next one does, or null when the text ends within it. */
function readRecord(
  text: string,
  from: number,
  { delimiter, newline }: Layout
): { cells: (string | null)[]; end: number } | null {
  const cells: (string | null)[] = []
  for (let at = from; ;) {
    const quoted = text[at] === '"' ? readQuoted(text, at) : NOT_QUOTED
    if (quoted === null) return null
    let end = quoted.end ?? at
    while (end < text.length && text[end] !== delimiter && text[end] !== newline) end++
    if (end === text.length) return null
    cells.push(cellOf(quoted.value, text.slice(quoted.end ?? at, end)))
    if (text[end] === newline) return { cells, end: end + 1 }
    at = end + 1
  }
}

const NOT_QUOTED = { value: null, end: null }

/** What stands between quotes; a doubled one is a quote of the text. Null when it does not end here. */
function readQuoted(text: string, open: number): { value: string; end: number } | null {
  let value = ''
  for (let from = open + 1; ;) {
    const close = text.indexOf('"', from)
    // The next piece may begin with its double.
    if (close === -1 || close === text.length - 1) return null
    value += text.slice(from, close)
    if (text[close + 1] !== '"') return { value, end: close + 1 }
    value += '"'
    from = close + 2
  }
}

/**
 * A name may begin with quotes that were never doubled (`"Le Bon" SARL`): what follows them is
 * read too, as spreadsheets do. Over several lines, such quotes have swallowed other rows.
 */
function cellOf(quoted: string | null, after: string): string | null {
  // With `\r\n` the last cell of a record keeps its `\r`.
  const tail = after.endsWith('\r') ? after.slice(0, -1) : after
  if (quoted === null) return tail || null
  if (tail.trim() === '') return quoted || null
  if (/[\r\n]/.test(quoted)) throw new DamagedText('a quote is not closed on its row')
  return quoted + tail
}
