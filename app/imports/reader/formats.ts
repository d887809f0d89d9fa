import { csvSheet } from '#imports/reader/csv'
import { Unreadable, type Limits } from '#imports/reader/limits'
import { odsSheets } from '#imports/reader/ods'
import type { SheetSource } from '#imports/reader/rows'
import { xlsxSheets } from '#imports/reader/xlsx'
import { Archive } from '#shared/archive'

export type Format = 'xlsx' | 'ods' | 'csv'

export type Opened = { format: Format; sheets: AsyncGenerator<SheetSource> }

const ZIP = Buffer.from('PK\u0003\u0004', 'latin1')
const EMPTY_ZIP = Buffer.from('PK\u0005\u0006', 'latin1')
const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0])
/** What Word, Excel and LibreOffice name the locked content of a file with a password. */
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le')

/**
 * Opens a spreadsheet by what its bytes are, whatever its name says.
 *
 * @throws {Unreadable} with what to tell the person
 */
export async function openSpreadsheet(bytes: Buffer, limits: Limits): Promise<Opened> {
  if (bytes.byteLength > limits.fileBytes) throw new Unreadable('too_large', 'file')
  if (bytes.byteLength === 0) throw new Unreadable('empty')
  if (startsWith(bytes, OLE))
    throw new Unreadable(bytes.includes(ENCRYPTED_PACKAGE) ? 'encrypted' : 'old_excel')
  if (startsWith(bytes, ZIP) || startsWith(bytes, EMPTY_ZIP)) return openArchive(bytes, limits)
  if (
    /^(%PDF|\{\\rtf|<!doctype|<html|<\?xml|GIF8|\x89PNG|\xff\xd8\xff|PK|Rar!|7z)/i.test(
      bytes.toString('latin1', 0, 12)
    )
  ) {
    throw new Unreadable('document')
  }
  return { format: 'csv', sheets: single(csvSheet(bytes)) }
}

async function openArchive(bytes: Buffer, limits: Limits): Promise<Opened> {
  const archive = new Archive(bytes, limits.inflatedBytes)
  if (archive.has('xl/workbook.bin')) throw new Unreadable('binary_excel')
  if (archive.has('_rels/.rels') && archive.names().some((name) => name.startsWith('xl/'))) {
    return { format: 'xlsx', sheets: xlsxSheets(archive, limits) }
  }
  if (archive.has('content.xml') && archive.has('mimetype')) {
    await checkOds(archive)
    return { format: 'ods', sheets: odsSheets(archive, limits) }
  }
  if (archive.names().some((name) => /(^|\/)Index\/.*\.iwa$|\.numbers\//.test(name)))
    throw new Unreadable('numbers')
  throw new Unreadable(archive.has('word/document.xml') ? 'document' : 'unsupported')
}

async function checkOds(archive: Archive) {
  const mimetype = await archive.text('mimetype', 1024)
  if (!mimetype.includes('opendocument.spreadsheet')) throw new Unreadable('document')
  const manifest = 'META-INF/manifest.xml'
  if (archive.has(manifest) && (await archive.text(manifest)).includes('encryption-data')) {
    throw new Unreadable('encrypted')
  }
}

const startsWith = (bytes: Buffer, signature: Buffer) =>
  bytes.subarray(0, signature.byteLength).equals(signature)

async function* single(sheet: SheetSource): AsyncGenerator<SheetSource> {
  yield sheet
}
