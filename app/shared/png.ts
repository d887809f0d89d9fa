import { crc32, inflateSync } from 'node:zlib'
import { mediaTypeOf } from '#shared/media_type'

const MOST_PIXELS_A_SIDE = 4_000
/** Channels of each colour type that a canvas writes: true colour, with or without transparency. */
const CHANNELS: Record<number, number> = { 2: 3, 6: 4 }

/**
 * True for a picture as a browser's canvas gives it, whole to the last pixel: what is kept as somebody's
 * signature must be one that every reader can show.
 */
export function isCanvasPicture(bytes: Buffer): boolean {
  if (mediaTypeOf(bytes) !== 'image/png') return false
  const data: Buffer[] = []
  let rowBytes = 0
  let rows = 0
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at)
    const end = at + 12 + length
    if (end > bytes.length) return false
    const type = bytes.toString('latin1', at + 4, at + 8)
    const content = bytes.subarray(at + 8, end - 4)
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return false
    if (at === 8) {
      if (type !== 'IHDR' || length !== 13) return false
      const [width, height] = [content.readUInt32BE(0), content.readUInt32BE(4)]
      const [depth, colour, , , interlace] = content.subarray(8)
      const channels = CHANNELS[colour!]
      if (!channels || depth !== 8 || interlace !== 0) return false
      if (Math.max(width, height) > MOST_PIXELS_A_SIDE || Math.min(width, height) < 1) return false
      ;[rowBytes, rows] = [1 + width * channels, height]
    }
    if (type === 'IDAT') data.push(content)
    if (type === 'IEND') return end === bytes.length && isWhole(Buffer.concat(data), rowBytes * rows)
    at = end
  }
  return false
}

function isWhole(packed: Buffer, expected: number): boolean {
  try {
    return inflateSync(packed, { maxOutputLength: expected }).length === expected
  } catch {
    // Not a picture's data, or more of it than the picture has.
    return false
  }
}
