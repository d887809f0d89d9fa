import type { TransactionClientContract } from '@adonisjs/lucid/types/database'

/**
 * What other domains do when letters change, told in the transaction that
 * changes them, so that a kill leaves neither without the other. Letters know
 * nothing of campaigns; campaigns register here.
 */
export interface LetterListener {
  rendered?(trx: TransactionClientContract, letterIds: readonly number[]): Promise<void>
  /** A person has put it in the post, or corrects its registered number. */
  posted?(trx: TransactionClientContract, letterId: number): Promise<void>
  /** It cannot be written as things are; `failure` on the row says why. */
  failed?(trx: TransactionClientContract, letterId: number): Promise<void>
  /** Its file was paid, stopped or contested meanwhile; `failure` on the row says which. */
  cancelled?(trx: TransactionClientContract, letterId: number): Promise<void>
}

const listeners: LetterListener[] = []

export function listenToLetters(listener: LetterListener) {
  listeners.push(listener)
}

export const letterListeners = (): readonly LetterListener[] => listeners
