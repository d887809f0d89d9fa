/** A proof as it can be kept, or null when the bytes are neither a PDF nor a JPEG. What they are is read in them. */
export function proofDocument(bytes: Buffer): { bytes: Uint8Array; mediaType: string } | null {
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return { bytes, mediaType: 'application/pdf' }
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return { bytes, mediaType: 'image/jpeg' }
  return null
}
