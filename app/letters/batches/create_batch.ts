import { clock } from '#shared/clock'
import { numbered, takeNumbers } from '#shared/numbering'
import { transaction } from '#shared/transaction'
import LetterBatch from '#letters/models/letter_batch'
import type { SelectedLetter } from '#letters/queries/letter_selection'

export interface NewBatch {
  letters: readonly SelectedLetter[]
  duplex: boolean
  addressSheets: boolean
  userId: number | null
}

/** SQLite refuses a statement of more than 500 rows. */
const ROWS_PER_STATEMENT = 500

/** Freezes what was chosen, in order; nothing is written or printed yet. */
export class CreateBatch {
  async handle({ letters, duplex, addressSheets, userId }: NewBatch): Promise<LetterBatch> {
    const year = Number(clock.today().slice(0, 4))
    return transaction(async (trx) => {
      const batch = await LetterBatch.create(
        {
          ref: numbered('L', year, await takeNumbers(trx, 'letter_batch', year)),
          state: 'working',
          duplex,
          addressSheets,
          chosen: letters.length,
          userId,
          createdAt: clock.now(),
        },
        { client: trx }
      )
      const rows = letters.map(({ id }, index) => ({
        batch_id: batch.id,
        letter_id: id,
        position: index + 1,
      }))
      for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
        await trx.table('letter_batch_members').multiInsert(rows.slice(from, from + ROWS_PER_STATEMENT))
      }
      return batch
    })
  }
}
