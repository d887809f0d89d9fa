import { createHash } from 'node:crypto'
import { isPiecePath, pieceOf } from '#registered_mail/evidence/bundle/pieces'
import { PATHS } from '#registered_mail/evidence/bundle/paths'
import type { Examination } from '#registered_mail/evidence/verification/report'

/** Every file that an event names is there, to the byte, and no other. */
export function checkPieces({ files, report, problem }: Examination) {
  const due = new Set<string>()
  for (const { line } of report.log) {
    const piece = pieceOf(line)
    if (!piece) continue
    due.add(piece.path)
    const file = files.get(piece.path)
    if (!file) problem('piece_missing', `${PATHS.log}:${line.seq}`, piece.path)
    else if (createHash('sha256').update(file).digest('hex') !== piece.sha256) {
      problem('piece_differs', piece.path)
    }
  }
  for (const path of files.keys()) if (isPiecePath(path) && !due.has(path)) problem('piece_unexpected', path)
}
