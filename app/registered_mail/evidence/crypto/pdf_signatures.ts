import { createHash } from 'node:crypto'

/** A signature or document timestamp in a PDF, as its bytes say. */
export interface PdfSignature {
  kind: 'seal' | 'timestamp'
  /** The CMS message, without the zeros that fill its place. */
  der: Buffer
  /** Where its hexadecimal digits stand. */
  digits: { start: number; end: number }
  /** How far into the file what it covers goes. */
  covers: number
  signed: Buffer
}

const MOST = 20
const RANGE = /\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g

/** The signatures of a PDF, in the order they were added; a range that is not the whole but its digits is none. */
export function signaturesIn(pdf: Buffer): PdfSignature[] {
  const source = pdf.toString('latin1')
  const found: PdfSignature[] = []
  for (const match of source.matchAll(RANGE)) {
    const [from, before, after, rest] = match.slice(1).map(Number) as [number, number, number, number]
    const whole = from === 0 && before < after && after + rest <= pdf.length
    if (!whole || source[before] !== '<' || source[after - 1] !== '>') continue
    const digits = { start: before + 1, end: after - 1 }
    const der = trimmed(Buffer.from(source.slice(digits.start, digits.end), 'hex'))
    if (!der || found.length === MOST) continue
    const object = source.slice(
      source.lastIndexOf(' obj', match.index),
      source.indexOf('endobj', match.index)
    )
    found.push({
      kind: /\/SubFilter\s*\/ETSI\.RFC3161/.test(object) ? 'timestamp' : 'seal',
      der,
      digits,
      covers: after + rest,
      signed: Buffer.concat([pdf.subarray(0, before), pdf.subarray(after, after + rest)]),
    })
  }
  return found.toSorted((one, other) => one.covers - other.covers)
}

export const signedDigest = ({ signed }: PdfSignature) => createHash('sha256').update(signed).digest()

function trimmed(bytes: Buffer): Buffer | null {
  if (bytes.length < 4 || bytes[0] !== 0x30) return null
  const first = bytes[1]!
  if (first === 0x80 || first > 0x84) return null
  const count = first < 0x80 ? 0 : first & 0x7f
  const length = count === 0 ? first : bytes.readUIntBE(2, count)
  const end = 2 + count + length
  return end <= bytes.length ? bytes.subarray(0, end) : null
}
