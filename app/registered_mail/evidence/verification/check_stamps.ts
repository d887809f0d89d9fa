import type { X509Certificate } from 'node:crypto'
import { tokenIn, verifyTimestamp } from '#registered_mail/evidence/crypto/timestamps'
import { isStampPath, PATHS, stampPath } from '#registered_mail/evidence/bundle/paths'
import { EVENT_TYPES } from '#registered_mail/evidence/event_types'
import type { Examination, SeenEvent } from '#registered_mail/evidence/verification/report'

/** How far the authority's clock may be behind the machine's. */
const SKEW_MS = 5 * 60_000
/** An authority that was down is asked again for so long; beyond, a date is no longer near the event. */
const LATEST_MS = 7 * 86_400_000

/** Every event that says it is stamped has its token, about its own line, of a time that fits. */
export function checkStamps(examination: Examination, roots: readonly X509Certificate[]) {
  const { files, report, problem, note } = examination
  const due = new Set<string>()
  for (const seen of report.log) {
    const { line } = seen
    if (!line.tsa && EVENT_TYPES[line.type].stamped && roots.length > 0) note('not_stamped_at_first')
    if (!line.tsa) continue
    const path = stampPath(line.seq)
    due.add(path)
    const response = files.get(path)
    if (!response) problem('stamp_missing', `${PATHS.log}:${line.seq}`, path)
    else checkStamp(examination, seen, response, roots)
  }
  for (const path of files.keys()) if (isStampPath(path) && !due.has(path)) problem('stamp_unexpected', path)
}

function checkStamp(
  { problem }: Examination,
  seen: SeenEvent,
  response: Buffer,
  roots: readonly X509Certificate[]
) {
  const path = stampPath(seen.line.seq)
  try {
    const { at } = verifyTimestamp(tokenIn(response), Buffer.from(seen.hash, 'hex'), roots)
    seen.stampedAt = at
    if (seen.line.clock === 'simulated') return
    const after = Date.parse(at) - Date.parse(seen.line.at)
    if (after < -SKEW_MS) problem('stamp_before_event', path, at)
    if (after > LATEST_MS) problem('stamp_late', path, at)
  } catch (error) {
    problem('stamp_invalid', path, (error as Error).message)
  }
}
