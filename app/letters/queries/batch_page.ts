import { clock } from '#shared/clock'
import Agency from '#agency/models/agency'
import type LetterBatch from '#letters/models/letter_batch'
import { batchLetters, splitOf } from '#letters/queries/batch_letters'
import { writtenOf } from '#letters/queries/batch_list'

/** The left out that the page names one by one. */
const MOST_NAMED = 100

/** How far a batch has gone, or what it prints and what is left out of it. */
export async function batchPage(batch: LetterBatch) {
  if (!batch.isReady) {
    const written = (await writtenOf([batch.id])).get(batch.id) ?? 0
    const agency = await Agency.currentOrFail()
    return { written, waitsForAgency: agency.legalGaps(clock.today()).length > 0 }
  }
  const { printed, leftOut } = splitOf(await batchLetters(batch.id))
  const counts = Map.groupBy(leftOut, ({ reason }) => reason)
  return {
    written: batch.chosen,
    printed: printed.length,
    leftSince: batch.letters! - printed.length,
    reasons: [...counts].map(([reason, { length }]) => ({ reason, count: length })),
    leftOut: leftOut.slice(0, MOST_NAMED),
    leftOutTotal: leftOut.length,
  }
}
