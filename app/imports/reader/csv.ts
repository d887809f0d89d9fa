import { isUtf8 } from 'node:buffer'
import Papa from 'papaparse'
import { Unreadable } from '#imports/reader/limits'
import type { Row, SheetSource } from '#imports/reader/rows'

const DELIMITERS = [';', ',', '\t', '|']
const SAMPLE_BYTES = 64 * 1024
const PIECE_BYTES = 256 * 1024
const MAX_RECORD_CHARS = 2 * PIECE_BYTES
const SAMPLE_ROWS = 20

/**
 * A text table: UTF-8, UTF-16 or cp1252; semicolons, commas, tabs or bars. A row is a record,
 * as a spreadsheet would show it, however many lines its quoted cells take.
 */
export function csvSheet(bytes: Buffer): SheetSource {
  const encoding = encodingOf(bytes)
  const opening = new TextDecoder(encoding).decode(bytes.subarray(0, SAMPLE_BYTES), { stream: true })
  if (opening.includes('\u0000')) throw new Unreadable('unsupported', 'binary')
  // Excel's own first line that names the separator is not shown as a row.
  const named = /^sep=(.)\r?\n/i.exec(opening)
  const layout = {
    delimiter: named?.[1] ?? guessDelimiter(opening),
    newline: opening.includes('\n') ? ('\n' as const) : ('\r' as const),
    skip: named?.[0].length ?? 0,
  }
  return { name: '', date1904: false, batches: records(pieces(bytes, encoding), layout) }
}

/** cp1252 is what is left when the bytes are not valid UTF-8: Excel's French CSV. */
function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const start = bytes.subarray(0, 512)
  const zeros = (odd: number) => start.filter((byte, at) => byte === 0 && at % 2 === odd).length
  if (zeros(1) > start.length / 4 && zeros(0) === 0) return 'utf-16le'
  if (zeros(0) > start.length / 4 && zeros(1) === 0) return 'utf-16be'
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252'
}

function* pieces(bytes: Buffer, encoding: string): Generator<string> {
  const decoder = new TextDecoder(encoding)
  for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) {
    yield decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true })
  }
  yield decoder.decode()
}

/** The separator that gives the first rows the most columns, alike from row to row. */
function guessDelimiter(text: string): string {
  const scored = DELIMITERS.map((delimiter) => {
    const { data } = Papa.parse<string[]>(text, { delimiter, preview: SAMPLE_ROWS })
    const widths = data.map((cells) => cells.length).filter((width) => width > 1)
    const usual = widths.toSorted((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 1
    return { delimiter, score: usual * widths.filter((width) => width === usual).length }
  })
  return scored.toSorted((a, b) => b.score - a.score)[0]!.delimiter
}

type Layout = { delimiter: string; newline: '\n' | '\r'; skip: number }

async function* records(
  texts: Iterable<string>,
  { delimiter, newline, skip }: Layout
): AsyncGenerator<Row[]> {
  const parser = new Papa.Parser({ delimiter, newline })
  let number = 0
  let rest = ''
  let first = true
  for (const piece of texts) {
    const text = first ? piece.slice(skip) : rest + piece
    first = false
    if (text.length > MAX_RECORD_CHARS) throw new Unreadable('damaged', 'a quoted cell never ends')
    // The record that the piece cuts is left for the next one.
    const { data, meta } = parser.parse(text, 0, true) as Papa.ParseResult<string[]>
    rest = text.slice(meta.cursor)
    yield data.map((cells) => ({ number: ++number, cells: cells.map(cellOf) }))
  }
  if (rest === '') return
  const { data } = parser.parse(rest, 0, false) as Papa.ParseResult<string[]>
  yield data.map((cells) => ({ number: ++number, cells: cells.map(cellOf) }))
}

/** With `\r\n` the last cell of a record keeps its `\r`. */
function cellOf(text: string): string | null {
  const bare = text.endsWith('\r') ? text.slice(0, -1) : text
  return bare === '' ? null : bare
}
