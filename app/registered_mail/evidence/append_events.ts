import { randomUUID } from 'node:crypto'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { timestampSettings } from '#config/evidence'
import { clock, machineNow, type Instant } from '#shared/clock'
import { sha256 } from '#shared/files'
import { dialect } from '#shared/transaction'
import { canonical, type Json } from '#registered_mail/evidence/canonical'
import {
  EVENT_TYPES,
  missingIn,
  NO_LINE_BEFORE,
  type EvidenceActor,
  type EvidenceData,
  type EvidenceLine,
  type EvidenceType,
} from '#registered_mail/evidence/event_types'

export interface NewEvent<Type extends EvidenceType = EvidenceType> {
  letterId: number
  type: Type
  actor: EvidenceActor
  data: EvidenceData[Type]
}

/** Of one type or another, each with the data of its own. */
export type AnyEvent = { [Type in EvidenceType]: NewEvent<Type> }[EvidenceType]

type Head = { letterId: number; ref: string; content: string; seq: number; hash: string; at: Instant }
type Row = {
  letter_id: number
  seq: number
  type: EvidenceType
  at: Instant
  line: string
  hash: string
  prev: string
}

const ROWS_AT_ONCE = 500
/** A tick is dated from its beginning; beyond that the clock is being played. */
const PLAYED_MS = 12 * 3_600_000

/**
 * Adds events to the ends of their letters' chains, in the caller's transaction. Chains are locked in
 * the order of their letters: two writers of one letter follow each other, and never hold each other.
 * Each event that must be dated by an authority waits in `evidence_stamps` from the same commit on.
 *
 * @returns the hash of each line, in the order given
 * @throws when a letter has no chain yet, or an event lacks what it must say (rule 53)
 */
export async function appendEvents(
  trx: TransactionClientContract,
  events: readonly AnyEvent[]
): Promise<string[]> {
  const heads = await lockedHeads(trx, [...new Set(events.map(({ letterId }) => letterId))])
  const rows = events.map((event) => {
    const head = heads.get(event.letterId)
    if (!head) throw new Error(`letter ${event.letterId} has no chain of evidence`)
    return rowAfter(head, event)
  })
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) await insert(trx, rows.slice(at, at + ROWS_AT_ONCE))
  return rows.map(({ hash }) => hash)
}

async function lockedHeads(trx: TransactionClientContract, letterIds: number[]): Promise<Map<number, Head>> {
  const heads = new Map<number, Head>()
  for (let at = 0; at < letterIds.length; at += ROWS_AT_ONCE) {
    const ids = letterIds.slice(at, at + ROWS_AT_ONCE)
    if (dialect() === 'postgres') {
      await trx
        .from('evidence_chains')
        .whereIn('letter_id', ids)
        .orderBy('letter_id')
        .forUpdate()
        .select('letter_id')
    }
    const chains = await trx
      .from('evidence_chains as c')
      .join('letters as l', 'l.id', 'c.letter_id')
      .whereIn('c.letter_id', ids)
      .select('c.letter_id', 'l.ref', 'c.content_sha256')
    for (const { letter_id: id, ref, content_sha256: content } of chains) {
      heads.set(Number(id), { letterId: Number(id), ref, content, seq: 0, hash: NO_LINE_BEFORE, at: '' })
    }
    const last = trx.from('evidence_events').whereIn('letter_id', ids).groupBy('letter_id').max('id')
    const rows = await trx
      .from('evidence_events')
      .whereIn('id', last as never)
      .select('letter_id', 'seq', 'hash', 'at')
    for (const { letter_id: id, seq, hash, at: when } of rows) {
      Object.assign(heads.get(Number(id))!, { seq, hash, at: when })
    }
  }
  return heads
}

/** The line that follows `head`, which then becomes it. */
function rowAfter(head: Head, { type, actor, data }: AnyEvent): Row {
  const missing = missingIn(type, data as unknown as Record<string, Json>)
  if (missing.length > 0) throw new Error(`${type} lacks ${missing.join(', ')}`)
  const { now, played } = present()
  const { erds, stamped } = EVENT_TYPES[type]
  const line: EvidenceLine = {
    v: 1,
    seq: head.seq + 1,
    id: randomUUID(),
    // The machine's clock may be set back; a chain never goes back.
    at: now > head.at ? now : head.at,
    type,
    erds,
    ...(stamped && timestampSettings.url ? { tsa: true } : {}),
    ...(played ? { clock: 'simulated' } : {}),
    letter: { id: head.letterId, ref: head.ref, sha256: head.content },
    actor,
    data,
    prev: head.hash,
  }
  const text = canonical(line as unknown as Json)
  const hash = sha256(text)
  Object.assign(head, { seq: line.seq, hash, at: line.at })
  return { letter_id: head.letterId, seq: line.seq, type, at: line.at, line: text, hash, prev: line.prev }
}

function present(): { now: Instant; played: boolean } {
  const [told, real] = [clock.now(), machineNow()]
  const played = Math.abs(Date.parse(told) - Date.parse(real)) > PLAYED_MS
  return { now: played ? told : real, played }
}

async function insert(trx: TransactionClientContract, rows: Row[]) {
  await trx.table('evidence_events').multiInsert(rows)
  const due = timestampSettings.url ? rows.filter(({ type }) => EVENT_TYPES[type].stamped) : []
  if (due.length === 0) return
  const stored = await trx
    .from('evidence_events')
    .whereIn(
      'hash',
      due.map(({ hash }) => hash)
    )
    .orderBy('id')
    .select('id', 'hash')
  const now = machineNow()
  await trx
    .table('evidence_stamps')
    .multiInsert(
      stored.map(({ id, hash }) => ({ event_id: id, digest: hash, not_before_at: now, created_at: now }))
    )
}
