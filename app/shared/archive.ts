import { createInflateRaw, crc32 } from 'node:zlib'
import { Readable } from 'node:stream'

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_HEADER = 0x04034b50
const STORED = 0
const DEFLATED = 8
const MAX_ENTRIES = 5_000
const CHUNK_BYTES = 128 * 1024

/** An archive that is not read, and why: it is not what it says, is locked, or holds too much. */
export class ArchiveRefused extends Error {
  readonly code: 'damaged' | 'encrypted' | 'too_large'

  constructor(code: ArchiveRefused['code'], detail: string = code) {
    super(detail)
    this.code = code
  }
}

type Entry = {
  name: string
  method: number
  crc: number
  compressedBytes: number
  inflatedBytes: number
  headerAt: number
}

/**
 * A ZIP archive that is not believed: its entries come from the central directory, and every
 * inflated byte is counted as it comes out, against what the entry declares and against one
 * budget for the whole archive. An entry that inflates to more or less than it says, or whose
 * CRC differs, makes the file damaged.
 */
export class Archive {
  private readonly entries: Map<string, Entry>
  /** Bytes inflated by part: reading one again costs time, not room. */
  private readonly inflated = new Map<string, number>()

  private readonly bytes: Buffer
  private readonly maxInflatedBytes: number

  constructor(bytes: Buffer, maxInflatedBytes: number) {
    this.bytes = bytes
    this.maxInflatedBytes = maxInflatedBytes
    this.entries = readDirectory(bytes)
  }

  has(name: string) {
    return this.entries.has(name)
  }

  names() {
    return [...this.entries.keys()]
  }

  /** The inflated bytes, piece by piece. Stopping early stops inflating. */
  async *stream(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name)
    if (!entry) throw new ArchiveRefused('damaged', `no ${name}`)
    let size = 0
    let crc = 0
    for await (const chunk of inflate(entry, this.bytes)) {
      size += chunk.byteLength
      if (size > entry.inflatedBytes)
        throw new ArchiveRefused('damaged', `${name} is longer than it declares`)
      this.count(name, size)
      crc = crc32(chunk, crc)
      yield chunk
    }
    if (size !== entry.inflatedBytes || crc !== entry.crc) {
      throw new ArchiveRefused('damaged', `${name} is not what it declares`)
    }
  }

  private count(name: string, size: number) {
    this.inflated.set(name, Math.max(size, this.inflated.get(name) ?? 0))
    let total = 0
    for (const bytes of this.inflated.values()) total += bytes
    if (total > this.maxInflatedBytes) throw new ArchiveRefused('too_large', 'inflated bytes')
  }

  /** A small part, whole. */
  async text(name: string, maxBytes = 8 * 1024 * 1024): Promise<string> {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of this.stream(name)) {
      size += chunk.byteLength
      if (size > maxBytes) throw new ArchiveRefused('too_large', name)
      chunks.push(chunk)
    }
    return new TextDecoder().decode(Buffer.concat(chunks))
  }
}

async function* inflate(entry: Entry, bytes: Buffer): AsyncGenerator<Buffer> {
  const from = dataStart(entry, bytes)
  const data = bytes.subarray(from, from + entry.compressedBytes)
  if (data.byteLength !== entry.compressedBytes)
    throw new ArchiveRefused('damaged', `${entry.name} is cut short`)
  if (entry.method === STORED) {
    for (let at = 0; at < data.byteLength; at += CHUNK_BYTES) yield data.subarray(at, at + CHUNK_BYTES)
    return
  }
  const inflater = Readable.from([data]).pipe(createInflateRaw({ chunkSize: CHUNK_BYTES }))
  try {
    for await (const chunk of inflater) yield chunk as Buffer
  } catch (error) {
    if (error instanceof ArchiveRefused) throw error
    throw new ArchiveRefused('damaged', `${entry.name}: ${(error as Error).message}`)
  } finally {
    inflater.destroy()
  }
}

function dataStart(entry: Entry, bytes: Buffer): number {
  const at = entry.headerAt
  if (at + 30 > bytes.byteLength || bytes.readUInt32LE(at) !== LOCAL_HEADER) {
    throw new ArchiveRefused('damaged', `${entry.name} has no local header`)
  }
  return at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
}

function readDirectory(bytes: Buffer): Map<string, Entry> {
  const end = findEnd(bytes)
  const count = bytes.readUInt16LE(end + 10)
  if (count > MAX_ENTRIES) throw new ArchiveRefused('damaged', `${count} entries`)
  let at = bytes.readUInt32LE(end + 16)
  const entries = new Map<string, Entry>()
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.byteLength || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) {
      throw new ArchiveRefused('damaged', 'central directory')
    }
    const nameBytes = bytes.readUInt16LE(at + 28)
    const extraBytes = bytes.readUInt16LE(at + 30)
    const entry = readEntry(bytes, at, nameBytes, extraBytes)
    if (entries.has(entry.name)) throw new ArchiveRefused('damaged', `${entry.name} twice`)
    entries.set(entry.name, entry)
    at += 46 + nameBytes + extraBytes + bytes.readUInt16LE(at + 32)
  }
  return entries
}

function readEntry(bytes: Buffer, at: number, nameBytes: number, extraBytes: number): Entry {
  if (bytes.readUInt16LE(at + 8) & 1) throw new ArchiveRefused('encrypted')
  const method = bytes.readUInt16LE(at + 10)
  if (method !== STORED && method !== DEFLATED) throw new ArchiveRefused('damaged', `method ${method}`)
  const entry = {
    name: bytes.toString('utf8', at + 46, at + 46 + nameBytes).replaceAll('\\', '/'),
    method,
    crc: bytes.readUInt32LE(at + 16),
    compressedBytes: bytes.readUInt32LE(at + 20),
    inflatedBytes: bytes.readUInt32LE(at + 24),
    headerAt: bytes.readUInt32LE(at + 42),
  }
  applyZip64(entry, bytes.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes))
  if (entry.method === STORED && entry.compressedBytes !== entry.inflatedBytes) {
    throw new ArchiveRefused('damaged', `${entry.name} is stored with two sizes`)
  }
  return entry
}

/** Some writers put 64-bit sizes in an extra field even for small files. */
function applyZip64(entry: Entry, extra: Buffer) {
  let at = 0
  while (at + 4 <= extra.byteLength) {
    const id = extra.readUInt16LE(at)
    const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2))
    if (id === 1) {
      let next = 0
      for (const key of ['inflatedBytes', 'compressedBytes', 'headerAt'] as const) {
        if (entry[key] !== 0xffffffff) continue
        if (next + 8 > field.byteLength) throw new ArchiveRefused('damaged', 'zip64 field')
        entry[key] = Number(field.readBigUInt64LE(next))
        next += 8
      }
    }
    at += 4 + field.byteLength
  }
}

function findEnd(bytes: Buffer): number {
  for (let at = bytes.byteLength - 22; at >= Math.max(0, bytes.byteLength - 22 - 0xffff); at--) {
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at
  }
  throw new ArchiveRefused('damaged', 'no central directory')
}
