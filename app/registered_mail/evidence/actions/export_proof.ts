import { readFile } from 'node:fs/promises'
import logger from '@adonisjs/core/services/logger'
import db from '@adonisjs/lucid/services/db'
import { appUrl } from '#config/app'
import { timestampSettings } from '#config/evidence'
import { machineNow, type Instant } from '#shared/clock'
import { readStoredFile } from '#shared/files'
import Agency from '#agency/models/agency'
import { AnchorChains } from '#registered_mail/evidence/actions/anchor_chains'
import { StampWaiting } from '#registered_mail/evidence/actions/stamp_waiting'
import { inclusionIn, lastAnchor, type Anchor } from '#registered_mail/evidence/anchors'
import { pieceOf } from '#registered_mail/evidence/bundle/pieces'
import { PATHS, stampPath } from '#registered_mail/evidence/bundle/paths'
import { proofText } from '#registered_mail/evidence/bundle/proof_text'
import { readmeText } from '#registered_mail/evidence/bundle/readme'
import { sealManifest, zipOf } from '#registered_mail/evidence/bundle/zip'
import { headOf, linesOf, logOf, type PadesLevel } from '#registered_mail/evidence/chains'
import { pemOf } from '#registered_mail/evidence/crypto/certificates'
import { BadSignature } from '#registered_mail/evidence/crypto/signed_data'
import type { Sealer } from '#registered_mail/evidence/crypto/sign'
import { sealedDossier } from '#registered_mail/evidence/dossier/sealed_dossier'
import type { EvidenceLine } from '#registered_mail/evidence/event_types'
import { currentSeal, pemList, sealAuthorities } from '#registered_mail/evidence/seal/current_seal'
import {
  AuthorityUnavailable,
  requestTimestamp,
  trustedAuthorities,
} from '#registered_mail/evidence/timestamp_client'

export type Exported =
  | { outcome: 'no_letter' }
  | { outcome: 'no_chain' }
  | {
      outcome: 'exported'
      zip: Buffer
      ref: string
      events: number
      head: string
      level: PadesLevel
      /** Timestamps that the authority has not given yet: the bundle says so. */
      waiting: number
    }

/** What is known of one letter when its bundle is made. */
export interface Evidence {
  letterId: number
  ref: string
  agency: string
  lines: string[]
  head: string
  letter: Buffer
  /** What the recipient signed, once it is made. */
  acknowledgement: Buffer | null
  pieces: Map<string, Buffer>
  stamps: Map<number, { response: Buffer; datedAt: Instant; authority: string }>
  anchor: { anchor: Anchor; proof: string; response: Buffer | null; datedAt: Instant | null }
  waiting: number
}

const HOURS_MS = 3_600_000
/** An anchor older than this is made again, so that the seal follows it closely. */
const FRESH_HOURS = 24

/** All that proves what became of one letter, in a ZIP that can be checked without us. */
export class ExportProof {
  async handle(ref: string): Promise<Exported> {
    const letter = await db.from('letters').where('ref', ref).select('id', 'ref').first()
    if (!letter) return { outcome: 'no_letter' }
    const letterId = Number(letter.id)
    const head = await headOf(db.connection(), letterId)
    if (!head) return { outcome: 'no_chain' }
    const evidence = await gather(letterId, letter.ref)
    const sealer = await currentSeal()
    const { bytes: dossier, level } = await sealedDossier(evidence, sealer)
    const files = await filesOf(evidence, sealer, dossier)
    const now = new Date(machineNow())
    await seal(files, sealer, now)
    const { lines, waiting } = evidence
    return {
      outcome: 'exported',
      zip: zipOf(files, now),
      ref,
      events: lines.length,
      head: evidence.head,
      level,
      waiting,
    }
  }
}

async function gather(letterId: number, ref: string): Promise<Evidence> {
  const client = db.connection()
  await new StampWaiting().handle({ letterId })
  const anchor = await coveringAnchor(letterId)
  await new StampWaiting().handle({ anchorId: anchor.id })
  const inclusion = await inclusionIn(client, anchor, letterId)
  const chain = await client.from('evidence_chains').where('letter_id', letterId).firstOrFail()
  // Up to what is anchored: an event that came meanwhile is for the next bundle.
  const lines = (await linesOf(client, letterId)).slice(0, inclusion!.seq)
  const stamps = await stampsOf(letterId)
  const log = lines.map((line) => JSON.parse(line) as EvidenceLine)
  const due = log.filter(({ tsa }) => tsa)
  const rootStamp = await client
    .from('evidence_stamps')
    .where({ anchor_id: anchor.id, state: 'stamped' })
    .first()
  const waiting = due.length - [...stamps.keys()].filter((seq) => seq <= lines.length).length
  return {
    letterId,
    ref,
    agency: (await Agency.currentOrFail()).name,
    lines,
    head: inclusion!.head,
    letter: await readStoredFile(chain.content_sha256),
    acknowledgement: log.some(({ type }) => type === 'letter.signed')
      ? await acknowledgementOf(letterId)
      : null,
    pieces: await piecesOf(log),
    stamps,
    anchor: {
      anchor,
      proof: proofText(inclusion!, anchor.previous),
      response: rootStamp ? Buffer.from(rootStamp.response, 'base64') : null,
      datedAt: rootStamp?.dated_at ?? null,
    },
    waiting: waiting + (timestampSettings.url && !rootStamp ? 1 : 0),
  }
}

async function acknowledgementOf(letterId: number): Promise<Buffer | null> {
  const ere = await db
    .from('eres')
    .where('letter_id', letterId)
    .whereNotNull('acknowledgement_sha256')
    .select('acknowledgement_sha256')
    .first()
  return ere ? readStoredFile(ere.acknowledgement_sha256) : null
}

async function piecesOf(log: readonly EvidenceLine[]): Promise<Map<string, Buffer>> {
  const pieces = log.flatMap((line) => pieceOf(line) ?? [])
  return new Map(
    await Promise.all(pieces.map(async ({ path, sha256 }) => [path, await readStoredFile(sha256)] as const))
  )
}

/** The last anchor when it is of today and covers the chain's head; else a new one. */
async function coveringAnchor(letterId: number): Promise<Anchor> {
  const client = db.connection()
  const last = await lastAnchor(client)
  const head = await client.from('evidence_events').where('letter_id', letterId).max('id as id').first()
  const age = last ? Date.parse(machineNow()) - Date.parse(last.madeAt) : Infinity
  if (last && Number(head.id) <= last.lastEventId && age < FRESH_HOURS * HOURS_MS) return last
  const made = await new AnchorChains().handle({ again: true })
  return made!
}

async function stampsOf(letterId: number): Promise<Evidence['stamps']> {
  const rows = await db
    .from('evidence_stamps as s')
    .join('evidence_events as e', 'e.id', 's.event_id')
    .where('e.letter_id', letterId)
    .where('s.state', 'stamped')
    .select('e.seq', 's.response', 's.dated_at', 's.authority')
  return new Map(
    rows.map(({ seq, response, dated_at: datedAt, authority }) => [
      seq,
      { response: Buffer.from(response, 'base64'), datedAt, authority },
    ])
  )
}

const verifierScript = new URL('../bundle/verifier.sh', import.meta.url)

async function filesOf(evidence: Evidence, sealer: Sealer, dossier: Buffer): Promise<Map<string, Buffer>> {
  const { ref, agency, lines, stamps, anchor, letter, acknowledgement, pieces } = evidence
  const stamped = timestampSettings.url !== null || stamps.size > 0
  const words = {
    ref,
    agency,
    stamped,
    acknowledged: acknowledgement !== null,
    pieces: pieces.size > 0,
    verifyUrl: `${appUrl}/verify`,
  }
  const files = new Map<string, Buffer>([
    [PATHS.readme, Buffer.from(readmeText(words))],
    [PATHS.dossier, dossier],
    [PATHS.letter, letter],
    [PATHS.log, Buffer.from(logOf(lines))],
    [PATHS.root, Buffer.from(anchor.anchor.root, 'hex')],
    [PATHS.proof, Buffer.from(anchor.proof)],
    [PATHS.sealAuthority, Buffer.from((await sealAuthorities()).join(''))],
    [PATHS.verifier, await readFile(verifierScript)],
    ...pieces,
  ])
  if (acknowledgement) files.set(PATHS.acknowledgement, acknowledgement)
  if (anchor.response) files.set(PATHS.rootStamp, anchor.response)
  if (sealer.revocations) files.set(PATHS.revocations, Buffer.from(pemList(sealer.revocations)))
  if (stamped)
    files.set(PATHS.timestampAuthority, Buffer.from((await trustedAuthorities()).map(pemOf).join('')))
  for (const [seq, { response }] of stamps) if (seq <= lines.length) files.set(stampPath(seq), response)
  return files
}

/**
 * Seals the list of the files, with a date when the authority gives one; when it does not, the
 * verification of the bundle says so.
 */
async function seal(files: Map<string, Buffer>, sealer: Sealer, now: Date) {
  if (!timestampSettings.url) return sealManifest(files, sealer, now)
  try {
    await sealManifest(files, sealer, now, async (digest) => (await requestTimestamp(digest)).token)
  } catch (error) {
    if (!(error instanceof AuthorityUnavailable || error instanceof BadSignature)) throw error
    logger.warn({ err: error }, 'the seal of a bundle is not dated')
    await sealManifest(files, sealer, now)
  }
}
