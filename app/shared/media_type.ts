/**
 * What the first bytes of a file say it is, whatever its name claims; null when
 * they say nothing (text, or a kind we do not take).
 */
export function mediaTypeOf(bytes: Uint8Array): MediaType | null {
  return SIGNATURES.find(([signature]) => signature.every((byte, at) => bytes[at] === byte))?.[1] ?? null
}

export type MediaType =
  'application/pdf' | 'image/png' | 'image/jpeg' | 'application/zip' | 'application/x-ole-storage'

const SIGNATURES: [number[], MediaType][] = [
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 'application/pdf'],
  [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'image/png'],
  [[0xff, 0xd8, 0xff], 'image/jpeg'],
  [[0x50, 0x4b, 0x03, 0x04], 'application/zip'],
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], 'application/x-ole-storage'],
]

const EXTENSIONS: Record<MediaType, string[]> = {
  'application/pdf': ['pdf'],
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'application/zip': ['xlsx', 'ods', 'docx', 'zip'],
  'application/x-ole-storage': ['xls', 'doc'],
}

/** The extension in the name when the content bears it out, null when it does not. */
export function honestExtension(name: string, bytes: Uint8Array): string | null {
  const extension = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const found = mediaTypeOf(bytes)
  if (found) return EXTENSIONS[found].includes(extension) ? extension : null
  const claimed = Object.values(EXTENSIONS).some((names) => names.includes(extension))
  return claimed ? null : extension
}
