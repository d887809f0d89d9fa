import { inflateSync } from 'node:zlib'

const HEADER = 44
const ENTRY = 20

/**
 * The plain font inside a WOFF (https://www.w3.org/TR/WOFF/): the same tables, no longer compressed. The
 * reader of fonts that pdfkit uses inflates a whole table again for each glyph that it takes out of it.
 *
 * @throws when it is no WOFF
 */
export function openedWoff(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('not a WOFF font')
  const count = woff.readUInt16BE(12)
  const directory = Buffer.alloc(12 + 16 * count)
  woff.copy(directory, 0, 4, 8)
  directory.writeUInt16BE(count, 4)
  const power = Math.floor(Math.log2(count))
  directory.writeUInt16BE(16 * 2 ** power, 6)
  directory.writeUInt16BE(power, 8)
  directory.writeUInt16BE(16 * (count - 2 ** power), 10)

  const tables: Buffer[] = []
  let offset = directory.length
  for (let index = 0; index < count; index++) {
    const entry = HEADER + ENTRY * index
    const [at, packed, length] = [4, 8, 12].map((field) => woff.readUInt32BE(entry + field)) as [
      number,
      number,
      number,
    ]
    const stored = woff.subarray(at, at + packed)
    const table = packed < length ? inflateSync(stored) : stored
    const row = 12 + 16 * index
    woff.copy(directory, row, entry, entry + 4)
    woff.copy(directory, row + 4, entry + 16, entry + 20)
    directory.writeUInt32BE(offset, row + 8)
    directory.writeUInt32BE(length, row + 12)
    const padding = Buffer.alloc((4 - (length % 4)) % 4)
    tables.push(table, padding)
    offset += length + padding.length
  }
  return Buffer.concat([directory, ...tables])
}
