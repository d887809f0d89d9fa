import type { EvidenceLine } from '#registered_mail/evidence/event_types'

export interface Piece {
  path: string
  sha256: string
}

const EXTENSIONS: Record<string, string> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
}

/** The file that an event names by its hash, besides the letter: the image of a signature, a carrier's proof. */
export function pieceOf({ seq, type, data }: EvidenceLine): Piece | null {
  if (type === 'letter.signed' && 'imageSha256' in data && data.imageSha256) {
    return { path: piecePath(seq, 'png'), sha256: data.imageSha256 }
  }
  if (type === 'proof.received' && 'mediaType' in data) {
    return { path: piecePath(seq, EXTENSIONS[data.mediaType] ?? 'bin'), sha256: data.sha256 }
  }
  return null
}

/** `pieces/0007.png`: what line 7 names. */
const piecePath = (seq: number, extension: string) => `pieces/${String(seq).padStart(4, '0')}.${extension}`

export const isPiecePath = (path: string) => /^pieces\/\d{4,}\.[a-z]{2,4}$/.test(path)
