import { setImmediate as breathe } from 'node:timers/promises'
import { isBinary } from '#shared/csv_records'
import { mediaTypeOf } from '#shared/media_type'
import { readCamt053 } from '#banking/statements/camt053'
import { readCfonb120 } from '#banking/statements/cfonb120'
import { readBankCsv } from '#banking/statements/csv'
import {
  MAX_FILE_BYTES,
  MAX_LINES,
  UnreadableStatement,
  type ReadLine,
  type ReadPart,
  type ReadPeriod,
  type ReadStatement,
  type StatementFormat,
} from '#banking/statements/statement'

/** The process answers others meanwhile: a large file is seconds of work. */
const LINES_IN_A_BREATH = 200

/**
 * What a file is, from its bytes.
 *
 * @throws {UnreadableStatement} when no bank exports such a file
 */
export function formatOf(bytes: Buffer): StatementFormat {
  if (bytes.byteLength === 0) throw new UnreadableStatement('empty')
  const kind = mediaTypeOf(bytes)
  if (kind === 'application/zip' || kind === 'application/x-ole-storage') {
    throw new UnreadableStatement('spreadsheet')
  }
  if (kind) throw new UnreadableStatement('document')
  const opening = bytes.toString('latin1', 0, 4096).replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
  const text = opening.replaceAll('\0', '').trimStart()
  if (/^<(?:!doctype )?html/i.test(text)) throw new UnreadableStatement('document')
  if (text.startsWith('<')) return 'camt053'
  if (/^0[1457][\d ]{5}/.test(opening) && !/^[^\r\n]*[;\t]/.test(opening)) return 'cfonb120'
  if (isBinary(bytes)) throw new UnreadableStatement('unknown_format')
  return 'csv'
}

/**
 * Reads a whole statement: all of its lines and balances, or none.
 *
 * @throws {UnreadableStatement} with why and where
 */
export async function readStatement(bytes: Buffer, format: StatementFormat): Promise<ReadStatement> {
  if (bytes.byteLength > MAX_FILE_BYTES) throw new UnreadableStatement('too_large')
  const lines: ReadLine[] = []
  const periods: ReadPeriod[] = []
  for await (const part of READERS[format](bytes)) {
    if (lines.length + periods.length === MAX_LINES) {
      throw new UnreadableStatement('too_many_lines', lines.length)
    }
    if ('opening' in part) periods.push(part)
    else lines.push(withoutNulls(part))
    if (lines.length % LINES_IN_A_BREATH === 0) await breathe()
  }
  return { lines, periods }
}

/** PostgreSQL stores no such character, and no bank means one. */
function withoutNulls(line: ReadLine): ReadLine {
  const entries = Object.entries(line)
  if (!entries.some(([, value]) => typeof value === 'string' && value.includes('\0'))) return line
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value.replaceAll('\0', '') : value])
  ) as ReadLine
}

const READERS: Record<StatementFormat, (bytes: Buffer) => Iterable<ReadPart> | AsyncIterable<ReadPart>> = {
  camt053: readCamt053,
  cfonb120: readCfonb120,
  csv: readBankCsv,
}
