import { createHash } from 'node:crypto'
import { canonical, type Json } from '#registered_mail/evidence/canonical'
import {
  isEvidenceType,
  missingIn,
  NO_LINE_BEFORE,
  type EvidenceLine,
} from '#registered_mail/evidence/event_types'
import { PATHS } from '#registered_mail/evidence/bundle/paths'
import type { Examination } from '#registered_mail/evidence/verification/report'

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const MOST_EVENTS = 5_000

/** Line after line: each in the one form it can have, on the hash of the one before, about one letter. */
export function checkLog(examination: Examination) {
  const { files, report, problem, note } = examination
  const log = files.get(PATHS.log)
  if (!log) return
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(log)
  if (!text.endsWith('\n')) problem('event_malformed', PATHS.log)
  const lines = text.split('\n').slice(0, -1)
  if (lines.length === 0 || lines.length > MOST_EVENTS) problem('event_malformed', PATHS.log)
  let prev = NO_LINE_BEFORE
  for (const [index, written] of lines.slice(0, MOST_EVENTS).entries()) {
    const where = `${PATHS.log}:${index + 1}`
    const hash = createHash('sha256').update(written).digest('hex')
    const line = readLine(written, where, examination)
    if (line) {
      if (line.seq !== index + 1 || line.prev !== prev) problem('event_out_of_order', where)
      const before = report.log.at(-1)?.line
      if (before && line.at < before.at) problem('event_before_last', where)
      const first = report.log[0]?.line.letter ?? line.letter
      if (canonical(line.letter) !== canonical(first)) problem('event_other_letter', where)
      if (line.clock === 'simulated') note('clock_simulated')
      report.log.push({ line, hash, stampedAt: null })
    }
    prev = hash
  }
  report.events = lines.length
  const last = report.log.at(-1)
  report.ref = last?.line.letter.ref ?? null
  report.head = prev
  report.letterSha256 = last?.line.letter.sha256 ?? null
  checkContent(examination)
}

function readLine(written: string, where: string, { problem }: Examination): EvidenceLine | null {
  let value: Json
  try {
    value = JSON.parse(written) as Json
    if (canonical(value) !== written) problem('event_not_canonical', where)
  } catch {
    problem('event_malformed', where)
    return null
  }
  if (!isLine(value)) {
    problem('event_malformed', where)
    return null
  }
  const missing = missingIn(value.type, value.data as unknown as Record<string, Json>)
  if (missing.length > 0) problem('event_incomplete', where, missing.join(', '))
  return value
}

function isLine(value: unknown): value is EvidenceLine {
  const line = value as Partial<EvidenceLine> | null
  return (
    typeof line === 'object' &&
    line !== null &&
    line.v === 1 &&
    Number.isInteger(line.seq) &&
    typeof line.id === 'string' &&
    INSTANT.test(String(line.at)) &&
    isEvidenceType(line.type) &&
    typeof line.letter === 'object' &&
    typeof line.letter?.ref === 'string' &&
    /^[0-9a-f]{64}$/.test(String(line.letter.sha256)) &&
    typeof line.actor === 'object' &&
    typeof line.actor?.kind === 'string' &&
    typeof line.data === 'object' &&
    line.data !== null &&
    /^[0-9a-f]{64}$/.test(String(line.prev))
  )
}

/** The letter of the bundle is the one that every event names. */
function checkContent({ files, report, problem }: Examination) {
  const letter = files.get(PATHS.letter)
  if (!letter || !report.letterSha256) return
  const hash = createHash('sha256').update(letter).digest('hex')
  if (hash !== report.letterSha256) problem('content_differs', PATHS.letter)
}
