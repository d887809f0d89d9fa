import { decodeExcel } from '#imports/reader/excel_text'
import { Unreadable, type Limits } from '#imports/reader/limits'
import { decodeText, scanXml } from '#shared/xml'

/** They are outside V8's heap, whose limit bounds them all the same: three quarters of it. */
const bytesAllowed = ({ heapMb }: Limits) => heapMb * 768 * 1024

/** Texts that many cells name (a town, a civility) come among the first. */
const MADE_ONCE = 4_096

/**
 * Excel's table of texts. Cells name them by position, most of them once: they wait as bytes, and
 * half a million strings less are carried from one collection of the heap to the next.
 */
export class SharedStrings {
  private bytes: Buffer = Buffer.allocUnsafeSlow(64 * 1024)
  private ends = new Uint32Array(1024)
  private count = 0
  private readonly made: (string | null)[] = []

  private readonly maxBytes: number

  constructor(limits: Limits) {
    this.maxBytes = bytesAllowed(limits)
  }

  add(text: string) {
    const start = this.startOf(this.count)
    if (start + text.length * 3 > this.bytes.byteLength) this.grow(start + text.length * 3)
    if (this.count === this.ends.length) {
      const ends = new Uint32Array(this.count * 2)
      ends.set(this.ends)
      this.ends = ends
    }
    this.ends[this.count++] = start + this.bytes.write(text, start)
  }

  at(index: number): string | null {
    if (!(index >= 0 && index < this.count)) return null
    if (index >= MADE_ONCE) return this.make(index)
    return (this.made[index] ??= this.make(index))
  }

  private make(index: number) {
    return this.bytes.toString('utf8', this.startOf(index), this.ends[index]) || null
  }

  private startOf(index: number) {
    return index === 0 ? 0 : this.ends[index - 1]!
  }

  private grow(needed: number) {
    if (needed > this.maxBytes) throw new Unreadable('too_large', 'texts')
    const bytes = Buffer.allocUnsafeSlow(Math.min(this.maxBytes, Math.max(needed, 2 * this.bytes.byteLength)))
    this.bytes.copy(bytes)
    this.bytes = bytes
  }
}

/** Keeps the text of each `<si>`, its runs joined, without formatting or phonetic guides. */
export async function readSharedStrings(
  chunks: AsyncIterable<Buffer>,
  limits: Limits
): Promise<SharedStrings> {
  const strings = new SharedStrings(limits)
  let text = ''
  let reading = false
  let phonetic = false
  await scanXml(chunks, {
    open(name) {
      if (name === 't') reading = !phonetic
      else if (name === 'si') text = ''
      else if (name === 'rPh') phonetic = true
    },
    close(name) {
      if (name === 't') reading = false
      else if (name === 'si') strings.add(decodeExcel(decodeText(text)))
      else if (name === 'rPh') phonetic = false
    },
    text(raw) {
      if (reading) text = text === '' ? raw : text + raw
    },
  })
  return strings
}
