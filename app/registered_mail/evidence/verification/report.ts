import type { EvidenceLine } from '#registered_mail/evidence/event_types'

/** What can be wrong with a bundle. Each has its sentence among the words of the page. */
export const PROBLEMS = [
  'archive_damaged',
  'archive_encrypted',
  'archive_too_large',
  'not_a_bundle',
  'file_missing',
  'file_unexpected',
  'file_altered',
  'manifest_malformed',
  'seal_invalid',
  'seal_untrusted',
  'seal_not_stamped',
  'seal_stamp_invalid',
  'seal_long_after_anchor',
  'event_malformed',
  'event_not_canonical',
  'event_out_of_order',
  'event_incomplete',
  'event_other_letter',
  'event_before_last',
  'content_differs',
  'piece_missing',
  'piece_differs',
  'piece_unexpected',
  'stamp_missing',
  'stamp_unexpected',
  'stamp_invalid',
  'stamp_before_event',
  'stamp_late',
  'anchor_missing',
  'anchor_malformed',
  'anchor_differs',
  'anchor_not_stamped',
  'anchor_stamp_invalid',
  'anchor_behind',
  'authority_missing',
  'dossier_seal_invalid',
  'dossier_other_log',
  'letter_seal_invalid',
  'acknowledgement_seal_invalid',
  'acknowledgement_unexpected',
] as const

export type ProblemCode = (typeof PROBLEMS)[number]

export interface Problem {
  code: ProblemCode
  /** The file in the bundle, or its line: `log/events.jsonl:3`. */
  where: string
  detail?: string
}

/** True but weaker than it may look: said beside the result, not against it. */
export type Note =
  'no_authority' | 'authority_not_compared' | 'seal_not_compared' | 'clock_simulated' | 'not_stamped_at_first'

export interface SeenEvent {
  line: EvidenceLine
  hash: string
  stampedAt: string | null
}

export interface Report {
  ok: boolean
  /** How many the log holds. */
  events: number
  problems: Problem[]
  notes: Note[]
  ref: string | null
  letterSha256: string | null
  head: string | null
  anchoredAt: string | null
  sealedAt: string | null
  sealedBy: string | null
  sealAuthority: string | null
  timestampAuthority: string | null
  log: SeenEvent[]
}

/** Of a bundle of which nothing was read yet. */
export const blankReport = (problems: Problem[] = []): Report => ({
  ok: false,
  events: 0,
  problems,
  notes: [],
  ref: null,
  letterSha256: null,
  head: null,
  anchoredAt: null,
  sealedAt: null,
  sealedBy: null,
  sealAuthority: null,
  timestampAuthority: null,
  log: [],
})

/** Whom the one who checks trusts, beyond what the bundle itself brings. */
export interface Trust {
  /** PEM of the seal's authority. */
  sealAuthority?: string
  /** PEM of the timestamp authority. */
  timestampAuthority?: string
}

/** What the checks of one bundle share. */
export interface Examination {
  files: ReadonlyMap<string, Buffer>
  trust: Trust
  report: Report
  problem(code: ProblemCode, where: string, detail?: string): void
  note(note: Note): void
}
