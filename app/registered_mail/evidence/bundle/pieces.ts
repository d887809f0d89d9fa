import type { EvidenceLine } from '#registered_mail/evidence/event_types'

export interface Piece {
  path: string
  sha256: string
}

/** The file that an event names by its hash, besides the letter: the image of a signature. */
export function pieceOf({ seq, type, data }: EvidenceLine): Piece | null {
  if (type !== 'letter.signed' || !('imageSha256' in data) || !data.imageSha256) return null
  return { path: piecePath(seq, 'png'), sha256: data.imageSha256 }
}

/** `pieces/0007.png`: what line 7 names. */
const piecePath = (seq: number, extension: string) => `pieces/${String(seq).padStart(4, '0')}.${extension}`

export const isPiecePath = (path: string) => /^pieces\/\d{4,}\.[a-z]{2,4}$/.test(path)
