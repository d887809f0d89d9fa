import type { TransactionClientContract } from '@adonisjs/lucid/types/database'

/**
 * What other domains do when letters change, told in the transaction that
 * changes them, so that a kill leaves neither without the other. Letters know
 * nothing of campaigns; campaigns register here.
 */
export interface LetterListener {
  rendered?(trx: TransactionClientContract, letterIds: readonly number[]): Promise<void>
  /** A person said that it is posted, or corrected the number that its slip bears. */
  posted?(trx: TransactionClientContract, posting: Posting): Promise<void>
  /** It cannot be written as things are; `failure` on the row says why. */
  failed?(trx: TransactionClientContract, letterId: number): Promise<void>
  /** Its file was paid, stopped or contested meanwhile; `failure` on the row says which. */
  cancelled?(trx: TransactionClientContract, letterId: number): Promise<void>
}

export interface Posting {
  letterId: number
  registeredNumber: string | null
  userId: number
}

const listeners: LetterListener[] = []

export function listenToLetters(listener: LetterListener) {
  listeners.push(listener)
}

export const letterListeners = (): readonly LetterListener[] => listeners
