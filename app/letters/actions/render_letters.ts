import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import { keepFile, recordFiles, type KeptFile } from '#shared/files'
import { transaction } from '#shared/transaction'
import Agency from '#agency/models/agency'
import { mintLinks } from '#claims/portal_link'
import { composeLetter, knownRefusal } from '#letters/compose_letter'
import { bearsCode, keepLetterCodes, newLetterCode } from '#letters/letter_codes'
import Letter from '#letters/models/letter'
import { letterListeners } from '#letters/outcomes'
import {
  isWithheld,
  loadLetterContents,
  type FailureReason,
  type LetterSubject,
  type Withheld,
} from '#letters/queries/letter_contents'
import { chooseTemplates, LETTER_CHANNELS, type Choice } from '#letters/queries/template_choice'
import {
  LETTERS_PER_BATCH,
  printBatch,
  type ComposedLetter,
  type PrintedLetter,
} from '#letters/rendering/batch'
import type { LetterContent } from '#letters/letter_content'

export interface RenderInput {
  /** Only these; all that are queued otherwise. */
  letterIds?: readonly number[]
  /** On that day: not those dated later, and those that waited since an earlier day take its date. */
  on?: CivilDate
  signal?: AbortSignal
  /** Called with how many were settled since the last call. */
  onSettled?: (count: number) => void
}

export interface Rendered {
  rendered: number
  cancelled: number
  failed: { letterId: number; ref: string; reason: string }[]
}

/** Two documents at a time: one per browser. */
const LANES = 2

/** Letters that this process is writing: whoever asks for one of them waits for it, so that none is written twice. */
const inHand = new Map<number, Promise<void>>()

/**
 * Turns queued letters into stored PDF, many to a document. What is settled is
 * committed batch by batch: killed anywhere, the rest is still queued and the
 * next call goes on. The debtor's link is minted as the letter is written, and
 * only its SHA-256 is kept.
 */
export class RenderLetters {
  async handle(input: RenderInput = {}): Promise<Rendered> {
    const outcome: Rendered = { rendered: 0, cancelled: 0, failed: [] }
    const queue = await queuedIds(input)
    if (queue.length === 0 || (await agencyMayNotAct(input.on ?? clock.today()))) return outcome
    if (input.on) await dateWaiting(input.on)
    let commit = Promise.resolve()
    const renderAndSettle = async (ids: number[]) => {
      const settled = await renderBatch(ids)
      commit = commit.then(() => settle(settled, outcome))
      await commit
      input.onSettled?.(settled.length)
    }
    const elsewhere = new Set<Promise<void>>()
    const lane = async () => {
      while (queue.length > 0 && !input.signal?.aborted) {
        const ids = queue.splice(0, LETTERS_PER_BATCH)
        const mine = ids.filter((id) => !inHand.has(id))
        for (const id of ids) if (inHand.has(id)) elsewhere.add(inHand.get(id)!)
        if (mine.length > 0) await keptInHand(mine, renderAndSettle(mine))
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    await Promise.allSettled(elsewhere)
    return outcome
  }
}

async function keptInHand(ids: number[], work: Promise<void>) {
  for (const id of ids) inHand.set(id, work)
  try {
    await work
  } finally {
    for (const id of ids) inHand.delete(id)
  }
}

type Settled = { letter: Letter } & (
  | { content: LetterContent; templateVersionId: number | null; file: KeptFile; pages: number }
  | { withheld: Withheld['withheld']; reason: string }
)

/** Rule 1: what was queued before the agency lost its insurance, say, waits until it is in order. */
async function agencyMayNotAct(on: CivilDate): Promise<boolean> {
  const agency = await Agency.currentOrFail()
  return agency.legalGaps(on).length > 0
}

/** A letter bears the day it is written, from which the debtor has time to pay and its sum is reckoned. */
const dateWaiting = (on: CivilDate) =>
  transaction((trx) =>
    trx.from('letters').where('state', 'queued').where('dated_on', '<', on).update({ dated_on: on })
  )

async function queuedIds({ letterIds, on }: RenderInput): Promise<number[]> {
  if (letterIds) return [...letterIds]
  const query = db.from('letters').where('state', 'queued').orderBy('id').select('id')
  if (on) query.where('dated_on', '<=', on)
  return (await query).map(({ id }) => Number(id))
}

async function renderBatch(ids: number[]): Promise<Settled[]> {
  const letters = await Letter.query().whereIn('id', ids).where('state', 'queued').orderBy('id')
  const links = await transaction((trx) =>
    mintLinks(
      trx,
      letters.map(({ claimId }) => claimId),
      'letter'
    )
  )
  const subjects = letters.map((letter) => subjectOf(letter, bearsCode(letter.kind) ? newLetterCode() : null))
  const contents = await loadLetterContents(subjects, (claimId) => links.get(claimId)!.url)
  const choices = await chooseTemplates(
    letters.map(({ claimId, template, actionId }) => ({ claimId, slug: template, actionId })),
    LETTER_CHANNELS
  )
  const drafts = letters.map((letter, index) => draftOf(letter, contents[index]!, choices[index]!))
  const ready = drafts.flatMap((draft) => ('composed' in draft ? [draft] : []))
  const printed = ready.length > 0 ? await printBatch(ready.map(({ composed }) => composed)) : []
  const stored = await Promise.all(ready.map((draft, index) => keepLetter(draft, printed[index]!)))
  return [...drafts.flatMap((draft) => ('composed' in draft ? [] : [draft])), ...stored]
}

const subjectOf = ({ ref, claimId, kind, datedOn }: Letter, personalCode: string | null): LetterSubject => ({
  ref,
  claimId,
  kind,
  datedOn,
  personalCode,
})

type Ready = {
  letter: Letter
  content: LetterContent
  composed: ComposedLetter
  templateVersionId: number | null
}

function draftOf(letter: Letter, content: LetterContent | Withheld, choice: Choice): Ready | Settled {
  if (isWithheld(content)) return { letter, ...content }
  if (choice === 'missing' || choice === 'altered') {
    return { letter, withheld: 'failed', reason: `template_${choice}` }
  }
  const written = choice === 'built_in' ? undefined : choice
  try {
    const composed = composeLetter(content, written)
    return { letter, content, composed, templateVersionId: written?.versionId ?? null }
  } catch (error) {
    return { letter, withheld: 'failed', reason: refusalOf(letter, error) }
  }
}

/** A letter that trips over a defect of ours fails alone, loudly: it must not hold up the queue behind it. */
function refusalOf(letter: Letter, error: unknown): FailureReason {
  logger.error({ err: error, letter: letter.ref }, 'a letter could not be written')
  return knownRefusal(error) ?? 'unprintable'
}

async function keepLetter(
  { letter, content, templateVersionId }: Ready,
  printed: PrintedLetter
): Promise<Settled> {
  if (printed.ok) {
    const file = await keepFile(printed.bytes, 'application/pdf')
    return { letter, content, templateVersionId, file, pages: printed.pages }
  }
  logger.error({ err: printed.error, letter: letter.ref }, 'a letter could not be printed')
  return { letter, withheld: 'failed', reason: 'unprintable' satisfies FailureReason }
}

/** One transaction for the batch; a letter that another process settled meanwhile is left as it is. */
async function settle(batch: Settled[], outcome: Rendered) {
  const done = await transaction(async (trx) => {
    const files = batch.flatMap((one) => ('file' in one ? [one.file] : []))
    if (files.length > 0) await recordFiles(trx, files)
    const settled: Settled[] = []
    for (const one of batch) if (await write(trx, one)) settled.push(one)
    await keepLetterCodes(trx, settled.flatMap(codeIn))
    await tell(trx, settled)
    return settled
  })
  for (const one of done) {
    if ('file' in one) outcome.rendered += 1
    else if (one.withheld === 'cancelled') outcome.cancelled += 1
    else outcome.failed.push({ letterId: one.letter.id, ref: one.letter.ref, reason: one.reason })
  }
}

async function write(trx: TransactionClientContract, one: Settled): Promise<boolean> {
  const values =
    'file' in one
      ? {
          state: 'rendered',
          dated_on: one.content.datedOn,
          file_sha256: one.file.sha256,
          pages: one.pages,
          template_version_id: one.templateVersionId,
          total_cents: one.content.demand.totalCents,
          rendered_at: clock.now(),
        }
      : { state: one.withheld, failure: one.reason }
  const changed = await trx.from('letters').where('id', one.letter.id).where('state', 'queued').update(values)
  return Number(changed) === 1
}

function codeIn(one: Settled) {
  const code = 'file' in one ? one.content.personalCode : null
  return code ? [{ letterId: one.letter.id, code }] : []
}

async function tell(trx: TransactionClientContract, settled: Settled[]) {
  const rendered = settled.flatMap((one) => ('file' in one ? [one.letter.id] : []))
  for (const listener of letterListeners()) {
    if (rendered.length > 0) await listener.rendered?.(trx, rendered)
    for (const one of settled) {
      if ('file' in one) continue
      await (one.withheld === 'failed' ? listener.failed : listener.cancelled)?.(trx, one.letter.id)
    }
  }
}
