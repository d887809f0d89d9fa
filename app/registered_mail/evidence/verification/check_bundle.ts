import { certificatesIn } from '#registered_mail/evidence/crypto/certificates'
import { ALWAYS_THERE, PATHS } from '#registered_mail/evidence/bundle/paths'
import { checkAnchor } from '#registered_mail/evidence/verification/check_anchor'
import { checkDocuments } from '#registered_mail/evidence/verification/check_documents'
import { checkLog } from '#registered_mail/evidence/verification/check_log'
import { checkManifest } from '#registered_mail/evidence/verification/check_manifest'
import { checkPieces } from '#registered_mail/evidence/verification/check_pieces'
import { checkStamps } from '#registered_mail/evidence/verification/check_stamps'
import {
  blankReport,
  type Examination,
  type Note,
  type Problem,
  type Report,
  type Trust,
} from '#registered_mail/evidence/verification/report'

/**
 * Checks a bundle from what it holds, and from whom the reader trusts; nothing else is asked. Every
 * problem found is told, not the first alone.
 */
export function checkBundle(files: ReadonlyMap<string, Buffer>, trust: Trust = {}): Report {
  const problems: Problem[] = []
  const notes = new Set<Note>()
  const report = blankReport(problems)
  const examination: Examination = {
    files,
    trust,
    report,
    problem: (code, where, detail) => problems.push({ code, where, ...(detail ? { detail } : {}) }),
    note: (note) => notes.add(note),
  }
  for (const path of ALWAYS_THERE) if (!files.has(path)) examination.problem('file_missing', path)
  const roots = timestampRoots(examination)
  const manifest = checkManifest(examination, roots)
  checkLog(examination)
  checkPieces(examination)
  checkStamps(examination, roots)
  const anchoredAt = checkAnchor(examination, roots)
  checkAges(examination, manifest.stampedAt, anchoredAt)
  checkDocuments(examination, manifest.seal)
  report.notes = [...notes]
  report.ok = problems.length === 0
  return report
}

/**
 * The authorities that may have dated this bundle: those the reader trusts, else those that it brings.
 * Without any, nobody but the agency vouches for its dates.
 */
function timestampRoots({ files, trust, report, problem, note }: Examination) {
  const brought = certificatesOf(files.get(PATHS.timestampAuthority))
  const trusted = trust.timestampAuthority ? certificatesIn(trust.timestampAuthority) : null
  report.timestampAuthority = (trusted ?? brought)[0]?.subject.replaceAll('\n', ', ') ?? null
  if (trusted) {
    if (brought.length === 0) problem('authority_missing', PATHS.timestampAuthority)
    return trusted
  }
  note(brought.length === 0 ? 'no_authority' : 'authority_not_compared')
  return brought
}

function certificatesOf(pem: Buffer | undefined) {
  try {
    return certificatesIn(pem?.toString('latin1') ?? '')
  } catch {
    // What is no certificate vouches for nothing: the stamps under it are then told as invalid.
    return []
  }
}

const HOUR_MS = 3_600_000
/** A bundle is made right after its anchor; an old anchor under a new seal hides what came between. */
const LONGEST_GAP_HOURS = 36

function checkAges({ problem }: Examination, sealedAt: string | null, anchoredAt: string | null) {
  if (!sealedAt || !anchoredAt) return
  const hours = (Date.parse(sealedAt) - Date.parse(anchoredAt)) / HOUR_MS
  if (hours > LONGEST_GAP_HOURS) {
    problem('seal_long_after_anchor', PATHS.manifestSeal, `${Math.round(hours)} h`)
  }
}
