import db from '@adonisjs/lucid/services/db'
import { readStoredFile, sha256 } from '#shared/files'
import { standingConsents } from '#registered_mail/ere/consents'
import Claim from '#claims/models/claim'
import { clock } from '#shared/clock'
import { stopOf } from '#letters/stop'
import Ere from '#registered_mail/ere/models/ere'
import { isAnswerable, isOpened, mayBecome, type EreState } from '#registered_mail/ere/states'
import { NO_LINE_BEFORE, type EvidenceLine, type EvidenceType } from '#registered_mail/evidence/event_types'
import type { About } from '#tests/harness/eres/orders'

type Row = { seq: number; type: string; at: string; line: string; hash: string; prev: string }

/** What is wrong with one ERE once everything that waited was done, in words. */
export async function problemsOf({ ereId, letterId }: About): Promise<string[]> {
  const ere = await Ere.findOrFail(ereId)
  const rows: Row[] = await db.from('evidence_events').where('letter_id', letterId).orderBy('seq')
  const log = rows.map(({ line }) => JSON.parse(line) as EvidenceLine)
  const { state, wrong } = replay(log)
  return [
    ...chainProblems(rows),
    ...wrong,
    ...(state === ere.state ? [] : [`it is ${ere.state}, and its events say ${state}`]),
    ...(ere.state === 'draft' ? ['it was never deposited'] : []),
    ...orderProblems(log),
    ...(await acknowledgementProblems(ere)),
    ...(await codeProblems(ere, log)),
    ...(await messageProblems(ere, log)),
    ...(await timelineProblems(letterId, log)),
  ].map((problem) => `ERE ${ereId}: ${problem} (${log.map(({ type }) => type).join(' ')})`)
}

/** Each line on the hash of the one before, without a gap, as its columns say it. */
function chainProblems(rows: Row[]): string[] {
  let before = { hash: NO_LINE_BEFORE, at: '' }
  return rows.flatMap((row, index) => {
    const line = JSON.parse(row.line) as EvidenceLine
    const whole =
      row.seq === index + 1 &&
      line.seq === row.seq &&
      row.hash === sha256(row.line) &&
      row.prev === before.hash &&
      line.prev === before.hash &&
      line.type === row.type &&
      line.at === row.at &&
      row.at >= before.at
    before = row
    return whole ? [] : [`line ${index + 1} does not follow the one before`]
  })
}

/** Where the events lead; each that is a step must be one that its state allows. */
export function replay(log: readonly EvidenceLine[]): { state: EreState; wrong: string[] } {
  let state: EreState = 'draft'
  const wrong: string[] = []
  const must = (to: EreState) => {
    if (!mayBecome(state, to)) wrong.push(`${state} became ${to}`)
    state = to
  }
  const may = (to: EreState) => {
    if (mayBecome(state, to)) state = to
  }
  const steps: Partial<Record<EvidenceType, () => void>> = {
    'letter.deposited': () => must('deposited'),
    'notification.sent': () => may('notified'),
    'notification.bounced': () => may('notification_failed'),
    'identity.verified': () => {
      if (!isAnswerable(state) && !isOpened(state)) wrong.push(`somebody was identified when ${state}`)
      may('identified')
    },
    'letter.accepted': () => must('accepted'),
    'letter.refused': () => must('refused'),
    'letter.expired': () => must('expired'),
    'letter.cancelled': () => must('cancelled'),
    'content.handed_over': () => {
      if (!isOpened(state)) wrong.push(`the letter was handed over when ${state}`)
      may('received')
    },
    'letter.signed': () => must('signed'),
    'fallback.paper': () => {
      if (state === 'notification_failed') state = 'replaced'
      else if (state !== 'refused' && state !== 'expired') wrong.push(`replaced by paper when ${state}`)
    },
  }
  for (const { type } of log) steps[type]?.()
  return { state, wrong }
}

const ENDS = ['letter.accepted', 'letter.refused', 'letter.expired', 'letter.cancelled'] as const

function orderProblems(log: readonly EvidenceLine[]): string[] {
  const first = (type: EvidenceType) => log.findIndex((line) => line.type === type)
  const times = (type: EvidenceType) => log.filter((line) => line.type === type).length
  const after = (later: EvidenceType, earlier: EvidenceType) =>
    times(later) === 0 || (times(earlier) > 0 && first(earlier) < first(later))
      ? []
      : [`${later} without ${earlier} before it`]
  const ends = ENDS.reduce((sum, type) => sum + times(type), 0)
  return [
    ...(ends > 1 ? [`it ended ${ends} times`] : []),
    ...(['letter.deposited', 'letter.signed', 'fallback.paper'] as const)
      .filter((type) => times(type) > 1)
      .map((type) => `${type} is there ${times(type)} times`),
    ...after('letter.accepted', 'identity.verified'),
    ...after('letter.refused', 'identity.verified'),
    ...after('content.handed_over', 'letter.accepted'),
    ...after('content.viewed', 'letter.accepted'),
    ...after('letter.signed', 'content.handed_over'),
  ]
}

/** Made when it was signed, and only then; sealed, and the file that its row names. */
async function acknowledgementProblems({ state, acknowledgementSha256: hash }: Ere): Promise<string[]> {
  if (state !== 'signed') return hash ? ['it has an acknowledgement that nobody signed'] : []
  if (!hash) return ['it was signed, and its acknowledgement is missing']
  const bytes = await readStoredFile(hash)
  const kept = await db.from('stored_files').where('sha256', hash).first()
  return kept && sha256(bytes) === hash && bytes.includes('/ByteRange')
    ? []
    : ['its acknowledgement is not sealed']
}

/** Each code opened once at most, and each opening is in the chain. */
async function codeProblems({ id }: Ere, log: readonly EvidenceLine[]): Promise<string[]> {
  const verified = log.filter(
    ({ type }) => type === 'identity.verified'
  ) as EvidenceLine<'identity.verified'>[]
  const byMessage = verified.filter(({ data }) => data.channel !== 'letter').length
  const used = await db.from('ere_codes').where('ere_id', id).whereNotNull('used_at')
  return byMessage === used.length ? [] : [`${used.length} codes were used, and opened ${byMessage} times`]
}

/** What left by its own key left once, and the chain says so once. */
async function messageProblems(
  { id, letterId, reminders }: Ere,
  log: readonly EvidenceLine[]
): Promise<string[]> {
  const sent: { key: string; recipe: string; message_id: string | null }[] = await db
    .from('deliveries')
    .where({ letter_id: letterId, state: 'sent' })
  const copies = await db
    .from('sent_messages')
    .whereIn('delivery_id', db.from('deliveries').where('letter_id', letterId).select('id'))
    .groupBy('delivery_id')
    .havingRaw('count(*) > 1')
    .select('delivery_id')
  const told = (type: EvidenceType) => log.filter((line) => line.type === type).length
  const left = (recipe: string) => sent.filter((row) => row.recipe === recipe).length
  const pairs: [string, number, number][] = [
    ['notices', left('ere.notice'), told('notification.sent')],
    ['reminders', left('ere.reminder'), told('notification.reminded')],
    ['codes', left('ere.code'), told('identity.code_sent')],
  ]
  const steps = (['accepted', 'refused', 'signed', 'expired'] as const).flatMap((step) => {
    const rounds = new Set(
      sent.flatMap(({ key }) => new RegExp(`^ere:${id}:${step}:(\\d+):`).exec(key)?.[1] ?? [])
    ).size
    return rounds === told(`letter.${step}`) ? [] : [`the copies of ${step} left ${rounds} times`]
  })
  const ids = sent.flatMap(({ message_id: name }) => name ?? [])
  const since = log.findLastIndex(({ type }) => type === 'notification.sent')
  const inPeriod = log.slice(since + 1).filter(({ type }) => type === 'notification.reminded').length
  return [
    ...pairs
      .filter(([, leaving, said]) => leaving !== said)
      .map(([what, leaving, said]) => `${leaving} ${what} left, and the chain has ${said}`),
    ...steps,
    ...(copies.length > 0 ? [`${copies.length} messages were composed twice`] : []),
    ...(new Set(ids).size === ids.length ? [] : ['two messages bear one Message-ID']),
    ...(since === -1 || inPeriod === reminders ? [] : [`it counts ${reminders} reminders, not ${inPeriod}`]),
  ]
}

/** The file's timeline says what the chain says. */
async function timelineProblems(letterId: number, log: readonly EvidenceLine[]): Promise<string[]> {
  const { claim_id: claimId, ref } = await db.from('letters').where('id', letterId).firstOrFail()
  const events = await db.from('claim_events').where('claim_id', claimId).whereLike('type', 'ere.%')
  const told = (type: string) =>
    events.filter((event) => event.type === type && JSON.stringify(event.detail).includes(ref)).length
  return (['accepted', 'refused', 'signed', 'expired', 'deposited', 'cancelled'] as const).flatMap((step) => {
    const written = log.filter(({ type }) => type === `letter.${step}`).length
    return told(`ere.${step}`) === written
      ? []
      : [`the file tells ${told(`ere.${step}`)} times that it was ${step}`]
  })
}

/** Notices and reminders that wait although nothing may leave any more on that file: paid, stopped, consent withdrawn. */
export async function forbidden({ claimId, letterId }: About): Promise<number[]> {
  const claim = await Claim.findOrFail(claimId)
  const [consent] = await standingConsents(claim.debtorId)
  if (!stopOf(claim, clock.today()) && (claim.kind === 'b2b' || consent)) return []
  const rows = await db
    .from('deliveries')
    .where({ letter_id: letterId, state: 'queued' })
    .whereIn('recipe', ['ere.notice', 'ere.reminder'])
    .select('id')
  return rows.map(({ id }) => Number(id))
}

/** A printed code opens once, whatever the sendings that it was typed for. */
export async function printedCodeProblems(): Promise<string[]> {
  const lines = await db.from('evidence_events').where('type', 'identity.verified').select('line')
  const opened = lines
    .map(({ line }) => (JSON.parse(line) as EvidenceLine<'identity.verified'>).data)
    .filter(({ channel }) => channel === 'letter')
    .map(({ address }) => address)
  const used = await db
    .from('letter_codes')
    .join('letters', 'letters.id', 'letter_codes.letter_id')
    .whereNotNull('letter_codes.used_at')
    .select('letters.ref')
  const [one, other] = [opened.sort(), used.map(({ ref }) => ref as string).sort()]
  return JSON.stringify(one) === JSON.stringify(other)
    ? []
    : [`printed codes opened ${one.join(' ')}, and ${other.join(' ')} are used`]
}

/** PostgreSQL counts those that it had to break, even when the work was done again after. */
export async function deadlockProblems(): Promise<string[]> {
  if (process.env.DB_CONNECTION !== 'postgres') return []
  const row = await db
    .from('pg_stat_database')
    .whereRaw('datname = current_database()')
    .select('deadlocks')
    .firstOrFail()
  return Number(row.deadlocks) === 0 ? [] : [`${row.deadlocks} deadlocks`]
}
