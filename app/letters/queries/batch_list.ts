import db from '@adonisjs/lucid/services/db'
import LetterBatch from '#letters/models/letter_batch'

const PAGE = 30

/** Batches, newest first; those under way with how many of their letters are written. */
export async function batchList(page: number) {
  const batches = await LetterBatch.query().orderBy('id', 'desc').preload('user').paginate(page, PAGE)
  const working = batches.all().filter(({ isReady }) => !isReady)
  const over = await writtenOf(working.map(({ id }) => id))
  return { batches, writtenOf: (batch: LetterBatch) => over.get(batch.id) ?? 0 }
}

/** How many letters of each are no longer to be written. */
export async function writtenOf(batchIds: number[]): Promise<Map<number, number>> {
  const rows = await db
    .from('letter_batch_members as members')
    .join('letters', 'letters.id', 'members.letter_id')
    .whereIn('members.batch_id', batchIds)
    .whereNot('letters.state', 'queued')
    .groupBy('members.batch_id')
    .select('members.batch_id')
    .count('* as total')
  return new Map(rows.map((row) => [Number(row.batch_id), Number(row.total)]))
}
