import type { Json } from '#registered_mail/evidence/canonical'

type Party = { name: string; addressLines?: readonly string[]; email?: string }

/** What each kind of event tells. Instants are ISO 8601 in UTC, hashes SHA-256 in hexadecimal. */
export interface EvidenceData {
  'consent.recorded': { textSha256: string; source: string; on: string; address: string }
  'letter.deposited': {
    channel: 'ere' | 'lrar' | 'lre'
    sender: Party
    creditor: Party
    recipient: Party
    pages: number
    bytes: number
    renderedSha256: string
    seal?: string
    policy: string
    build: string
  }
  'letter.posted': { registeredNumber: string | null }
  'carrier.took': { carrier: string; reference: string }
  'carrier.told': { carrier: string; state: string; occurredAt?: string; reason?: string }
  'proof.received': { kind: string; from: string; sha256: string; mediaType: string; bytes: number }
  'notification.sent': {
    to: string
    messageId: string
    messageSha256: string
    reply: string
    attempt?: number
  }
  /** The period goes on as it began. */
  'notification.reminded': { to: string; messageId: string; messageSha256: string; reply: string }
  'notification.relayed': { to: string; messageId: string; report: string }
  'notification.bounced': { to: string; code: string; nature: 'hard' | 'soft'; reportSha256?: string }
  'notification.complained': { to: string; code: string; nature: 'hard' | 'soft' }
  'page.fetched': { page: string }
  'identity.code_sent': { channel: string; address: string; contactSource: string }
  /** `address`: masked, or the reference of the letter whose code it is; `contactSource`: how that letter left. */
  'identity.failed': { channel: string; address: string; attempts: number; contactSource?: string }
  'identity.verified': { channel: string; address: string; attempts: number; contactSource?: string }
  'letter.accepted': { statement: string; statementSha256: string }
  'letter.refused': { statement: string; reason: string }
  'content.handed_over': { sha256: string; bytes: number }
  'content.viewed': { pages: readonly number[] }
  'letter.signed': {
    method: 'drawn' | 'typed'
    name: string
    statement: string
    statementSha256: string
    documentSha256: string
    imageSha256?: string
  }
  'letter.expired': { sentAt: string; deadlineAt: string; reminders: number }
  'letter.cancelled': { reason: string }
  'fallback.paper': { reason: string }
}

export type EvidenceType = keyof EvidenceData

interface Kind {
  /** The event of ETSI EN 319 522-1 that it is, when it is one. */
  erds: string | null
  /** Whether a timestamp authority must date it. */
  stamped: boolean
  /** Without which it proves nothing: an event that lacks one is refused (rule 53). */
  needs: readonly string[]
}

const kind = (erds: string | null, stamped: boolean, ...needs: string[]): Kind => ({ erds, stamped, needs })

export const EVENT_TYPES: Record<EvidenceType, Kind> = {
  'consent.recorded': kind(null, true, 'textSha256', 'source', 'on', 'address'),
  'letter.deposited': kind(
    'SubmissionAcceptance',
    true,
    'channel',
    'sender',
    'creditor',
    'recipient',
    'pages',
    'bytes',
    'renderedSha256',
    'policy',
    'build'
  ),
  'letter.posted': kind(null, true, 'registeredNumber'),
  'carrier.took': kind('SubmissionAcceptance', true, 'carrier', 'reference'),
  'carrier.told': kind(null, true, 'carrier', 'state'),
  'proof.received': kind(null, true, 'kind', 'from', 'sha256', 'mediaType', 'bytes'),
  'notification.sent': kind('NotificationForAcceptance', true, 'to', 'messageId', 'messageSha256', 'reply'),
  'notification.reminded': kind(
    'NotificationForAcceptance',
    false,
    'to',
    'messageId',
    'messageSha256',
    'reply'
  ),
  'notification.relayed': kind('NotificationDelivered', false, 'to', 'messageId', 'report'),
  'notification.bounced': kind('NotificationForAcceptanceFailure', true, 'to', 'code', 'nature'),
  'notification.complained': kind('NotificationForAcceptanceFailure', true, 'to', 'code', 'nature'),
  'page.fetched': kind('NotificationAccessTracking', false, 'page'),
  'identity.code_sent': kind(null, false, 'channel', 'address', 'contactSource'),
  'identity.failed': kind(null, false, 'channel', 'address', 'attempts'),
  'identity.verified': kind(null, false, 'channel', 'address', 'attempts'),
  'letter.accepted': kind('ConsignmentAcceptance', true, 'statement', 'statementSha256'),
  'letter.refused': kind('ConsignmentRejection', true, 'statement', 'reason'),
  'content.handed_over': kind('ContentHandover', true, 'sha256', 'bytes'),
  'content.viewed': kind('ContentAccessTracking', false, 'pages'),
  'letter.signed': kind(null, true, 'method', 'name', 'statement', 'statementSha256', 'documentSha256'),
  'letter.expired': kind('AcceptanceRejectionExpiry', true, 'sentAt', 'deadlineAt', 'reminders'),
  'letter.cancelled': kind(null, true, 'reason'),
  'fallback.paper': kind(null, true, 'reason'),
}

export const isEvidenceType = (text: unknown): text is EvidenceType =>
  typeof text === 'string' && Object.hasOwn(EVENT_TYPES, text)

/** Who acted. Of a visitor: the address and port seen by the server, the browser's own words, the session's hash. */
export type EvidenceActor = {
  kind: 'system' | 'user' | 'recipient' | 'creditor' | 'provider'
  id?: string
  ip?: string
  port?: number
  ua?: string
  session?: string
}

/** One line of a chain. `hash` is the SHA-256 of its bytes, which the next line names as `prev`. */
export type EvidenceLine<Type extends EvidenceType = EvidenceType> = {
  v: 1
  seq: number
  id: string
  at: string
  type: Type
  erds: string | null
  /** A timestamp is due: without it in the line, a token taken away would not be missed. */
  tsa?: true
  /** Written while the clock was being played (demo, simulations): its date proves nothing. */
  clock?: 'simulated'
  letter: { id: number; ref: string; sha256: string }
  actor: EvidenceActor
  data: EvidenceData[Type]
  prev: string
}

export const NO_LINE_BEFORE = '0'.repeat(64)

/** What is missing for an event to prove what it says; an image without its hash, say. */
export function missingIn(type: EvidenceType, data: Record<string, Json | undefined>): string[] {
  const needs = [...EVENT_TYPES[type].needs]
  if (type === 'letter.signed' && data.method === 'drawn') needs.push('imageSha256')
  return needs.filter((name) => data[name] === undefined || data[name] === '')
}
