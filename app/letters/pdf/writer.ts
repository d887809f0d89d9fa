import { rewritten, type Mark, type PdfObject } from '#letters/pdf/reader'

/**
 * Writes a PDF object by object, with a plain cross-reference table. Numbers
 * may be reserved before their object is written.
 */
export class PdfWriter {
  #offsets: number[] = [0]
  #at = 0
  #pending: (string | Buffer)[] = []

  constructor() {
    this.#append('%PDF-1.7\n%\u00d3\u00eb\u00e9\u00e1\n')
  }

  reserve(): number {
    this.#offsets.push(-1)
    return this.#offsets.length - 1
  }

  /** Writes an object of our own making. */
  put(number: number, source: string) {
    this.#offsets[number] = this.#at
    this.#append(`${number} 0 obj\n${source}\nendobj\n`)
  }

  /** Writes an object read elsewhere, with its marks as `renamed` says. */
  copy(number: number, object: PdfObject, renamed: (mark: Mark) => Mark) {
    const source = rewritten(object, renamed)
    if (!object.stream) return this.put(number, source)
    this.#offsets[number] = this.#at
    this.#append(`${number} 0 obj\n${source} stream\n`)
    this.#append(object.stream)
    this.#append('\nendstream\nendobj\n')
  }

  /** What was written since the last call; call it often for a large file. */
  take(): Buffer {
    const bytes = Buffer.concat(
      joined(this.#pending).map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))
    )
    this.#pending = []
    return bytes
  }

  /** Writes the table and the trailer. */
  end(root: number, info: number) {
    const lost = this.#offsets.indexOf(-1)
    if (lost !== -1) throw new Error(`object ${lost} was reserved and never written`)
    const start = this.#at
    const entries = this.#offsets.slice(1).map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
    this.#append(
      `xref\n0 ${this.#offsets.length}\n0000000000 65535 f \n${entries.join('')}trailer\n<</Size ${this.#offsets.length}\n/Root ${root} 0 R\n/Info ${info} 0 R>>\nstartxref\n${start}\n%%EOF\n`
    )
  }

  #append(part: string | Buffer) {
    this.#pending.push(part)
    this.#at += part.length
  }
}

/** A text string in UTF-16, as PDF wants what is not ASCII. */
export const textString = (text: string) =>
  `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`

/** Neighbouring strings become one: thousands of small buffers cost more than their bytes. */
function joined(parts: (string | Buffer)[]): (string | Buffer)[] {
  const runs: (string | Buffer)[] = []
  let run: string[] = []
  for (const part of parts) {
    if (typeof part === 'string') run.push(part)
    else {
      runs.push(run.join(''), part)
      run = []
    }
  }
  return [...runs, run.join('')]
}

/** Chromium names two structure types of PDF 2.0; this says to older readers what they are. */
export const ROLE_MAP = '<</Strong /Span /Em /Span>>'
