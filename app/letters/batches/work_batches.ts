import db from '@adonisjs/lucid/services/db'
import { clock } from '#shared/clock'
import { keepFile, recordFiles } from '#shared/files'
import { sum } from '#shared/money'
import { transaction } from '#shared/transaction'
import { RenderLetters } from '#letters/actions/render_letters'
import { addressSheet } from '#letters/batches/address_sheet'
import LetterBatch from '#letters/models/letter_batch'
import { POSTAGE_CENTS, SHEETS_IN_20_G, sheetsOf } from '#letters/postage'
import { loadAddressees } from '#letters/queries/addressees'
import { batchLetters, reasonToLeaveOut, type BatchLetter } from '#letters/queries/batch_letters'
import { LETTERS_PER_BATCH, printBatch } from '#letters/rendering/batch'

export interface WorkInput {
  /** Only this one; all that are not ready otherwise, the oldest first. */
  batchId?: number
  signal?: AbortSignal
  /** Called with how many letters were written since the last call. */
  onRendered?: (count: number) => void
}

/** Letters given to the printer in one step: what a stop waits for is far less. */
const LETTERS_PER_STEP = 200

/**
 * Writes what the batches still lack, in steps that are each committed: killed anywhere, the next call
 * goes on. A letter that has its PDF is never written again. When each letter is either written or left
 * out for a reason, the batch is ready and keeps its figures.
 */
export class WorkBatches {
  /**
   * A batch that cannot be worked does not hold up the others: what is wrong is thrown once they are done.
   *
   * @returns how many became ready
   */
  async handle(input: WorkInput = {}): Promise<number> {
    const wrong: unknown[] = []
    let ready = 0
    let batch = await nextBatch(0, input.batchId)
    while (batch && !input.signal?.aborted) {
      try {
        if (await work(batch, input)) ready += 1
      } catch (error) {
        wrong.push(error)
      }
      batch = await nextBatch(batch.id, input.batchId)
    }
    if (wrong.length > 0) throw wrong[0]
    return ready
  }
}

const nextBatch = (after: number, only?: number) => {
  const query = LetterBatch.query().where('state', 'working').where('id', '>', after).orderBy('id')
  if (only !== undefined) query.where('id', only)
  return query.first()
}

/** False when it could not be finished now: a stop, or an agency that may write to nobody (rule 1). */
async function work(batch: LetterBatch, input: WorkInput): Promise<boolean> {
  for (let waiting = await queuedOf(batch); waiting.length > 0;) {
    const step = waiting.slice(0, LETTERS_PER_STEP)
    await new RenderLetters().handle({
      letterIds: step,
      signal: input.signal,
      onSettled: input.onRendered,
    })
    const left = await queuedOf(batch)
    if (left.length === waiting.length || input.signal?.aborted) return false
    waiting = left
  }
  if (batch.addressSheets && !(await drawAddressSheets(batch, input.signal))) return false
  return settle(batch)
}

async function queuedOf(batch: LetterBatch): Promise<number[]> {
  const rows = await db
    .from('letter_batch_members as members')
    .join('letters', 'letters.id', 'members.letter_id')
    .where('members.batch_id', batch.id)
    .where('letters.state', 'queued')
    .orderBy('members.position')
    .select('letters.id')
  return rows.map(({ id }) => Number(id))
}

async function drawAddressSheets(batch: LetterBatch, signal?: AbortSignal): Promise<boolean> {
  const lacking = (await batchLetters(batch.id)).filter(
    (letter) => !letter.addressSheetSha256 && !reasonToLeaveOut(letter)
  )
  for (let from = 0; from < lacking.length; from += LETTERS_PER_BATCH) {
    if (signal?.aborted) return false
    await drawSheetsOf(lacking.slice(from, from + LETTERS_PER_BATCH))
  }
  return true
}

async function drawSheetsOf(letters: BatchLetter[]) {
  const addressees = await loadAddressees(letters.map(({ id }) => id))
  const printed = await printBatch(letters.map(({ id, ref }) => addressSheet(ref, addressees.get(id)!)))
  const files = await Promise.all(
    printed.map((sheet) => {
      if (!sheet.ok) throw sheet.error
      return keepFile(sheet.bytes, 'application/pdf')
    })
  )
  await transaction(async (trx) => {
    await recordFiles(trx, files)
    for (const [index, { memberId }] of letters.entries()) {
      await trx
        .from('letter_batch_members')
        .where('id', memberId)
        .whereNull('address_sheet_sha256')
        .update({ address_sheet_sha256: files[index]!.sha256 })
    }
  })
}

async function settle(batch: LetterBatch): Promise<boolean> {
  const letters = await batchLetters(batch.id)
  const leftOut = letters.flatMap((letter) => {
    const reason = reasonToLeaveOut(letter)
    return reason ? [{ memberId: letter.memberId, reason }] : []
  })
  const printed = letters.filter((letter) => !reasonToLeaveOut(letter))
  const sheets = printed.map(({ pages }) => sheetsOf(pages!, batch.options))
  return transaction(async (trx) => {
    const changed = await trx
      .from('letter_batches')
      .where({ id: batch.id, state: 'working' })
      .update({
        state: 'ready',
        letters: printed.length,
        left_out: leftOut.length,
        pages: sum(printed.map(({ pages }) => pages!)),
        sheets: sum(sheets),
        postage_cents: sum(printed.map(({ kind }) => POSTAGE_CENTS[kind])),
        heavy: sheets.filter((count) => count > SHEETS_IN_20_G).length,
        settled_at: clock.now(),
      })
    if (Number(changed) !== 1) return false
    for (const { memberId, reason } of leftOut) {
      await trx.from('letter_batch_members').where('id', memberId).update({ left_out_reason: reason })
    }
    return true
  })
}
