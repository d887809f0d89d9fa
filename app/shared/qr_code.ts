import { onDemand } from '#shared/on_demand'

const qrcode = onDemand<typeof import('qrcode')>('qrcode')

/** White modules around the code: readers need four on a busy page; paper around ours is white. */
const MARGIN = 2

/**
 * A QR code as the `viewBox` and path of an SVG, error correction M, one unit
 * per module: sharp at any size, and nothing to fetch. Always in byte mode:
 * looking for a denser mix of modes costs as much as the drawing, for each letter.
 */
export function qrCode(text: string): { viewBox: string; path: string; size: number } {
  const bytes = [{ data: Buffer.from(text), mode: 'byte' as const }]
  const { modules } = qrcode().create(bytes, { errorCorrectionLevel: 'M' })
  const { size, data } = modules
  let path = ''
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!data[y * size + x]) continue
      const start = x
      while (x + 1 < size && data[y * size + x + 1]) x++
      path += `M${start} ${y}h${x - start + 1}v1h-${x - start + 1}z`
    }
  }
  const side = size + 2 * MARGIN
  return { viewBox: `-${MARGIN} -${MARGIN} ${side} ${side}`, path, size }
}
