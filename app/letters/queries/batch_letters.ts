import { clock } from '#shared/clock'
import LetterBatch from '#letters/models/letter_batch'
import { letterRows, selectedFrom, type Held, type SelectedLetter } from '#letters/queries/letter_selection'
import type { FailureReason } from '#letters/queries/letter_contents'

/** As `letters.failure` words it; `unprintable` also for a letter that was taken back without a reason. */
export type LeftOutReason = FailureReason | Held

export interface BatchLetter extends SelectedLetter {
  memberId: number
  addressSheetSha256: string | null
  /** Kept when the batch became ready. */
  leftOutReason: LeftOutReason | null
}

/** The letters of a batch in its order, whatever became of them. */
export async function batchLetters(batchId: number): Promise<BatchLetter[]> {
  const rows = await letterRows()
    .join('letter_batch_members as members', 'members.letter_id', 'letters.id')
    .where('members.batch_id', batchId)
    .orderBy('members.position')
    .select('members.id as member_id', 'members.address_sheet_sha256', 'members.left_out_reason')
  const today = clock.today()
  return rows.map((row) => ({
    ...selectedFrom(row, today),
    memberId: Number(row.member_id),
    addressSheetSha256: row.address_sheet_sha256,
    leftOutReason: row.left_out_reason,
  }))
}

/** Why a letter that is no longer queued is not to be printed; null for one that is. */
export function reasonToLeaveOut({ state, failure, stop }: SelectedLetter): LeftOutReason | null {
  if (state === 'failed' || state === 'cancelled') return (failure as LeftOutReason | null) ?? 'unprintable'
  return stop
}

/**
 * What a ready batch prints now: U3, whoever paid or was let be since it became ready is no longer in
 * it, unless the letter was posted meanwhile.
 */
export function splitOf(letters: BatchLetter[]) {
  const isIn = ({ leftOutReason, stop }: BatchLetter) => !leftOutReason && !stop
  return {
    printed: letters.filter(isIn),
    leftOut: letters
      .filter((letter) => !isIn(letter))
      .map((letter) => ({
        ref: letter.ref,
        debtor: letter.debtor,
        reason: letter.leftOutReason ?? letter.stop!,
      })),
  }
}

/** What there is to print of a ready batch today; null when it is under way, or nothing of it may be printed. */
export async function printableBatch(ref: string) {
  const batch = await LetterBatch.query().where('ref', ref).firstOrFail()
  if (!batch.isReady) return null
  const { printed: letters } = splitOf(await batchLetters(batch.id))
  return letters.length > 0 ? { ref, duplex: batch.duplex, letters } : null
}
