import { randomInt } from 'node:crypto'
import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { isKeyedHash, keyedHash } from '#shared/keyed_hash'
import { isElectronic, type LetterKind } from '#letters/letter_content'

export const LETTER_CODE_SHAPE = /^\d{8}$/

/** Of a hundred million; then it is worth nothing any more. */
export const LETTER_CODE_TRIES = 10

/** Paper only: whoever has it in hand opened the envelope. */
export const bearsCode = (kind: LetterKind) => !isElectronic(kind)

/** For one letter, printed in its head. In clear it exists there only. */
export const newLetterCode = () => String(randomInt(100_000_000)).padStart(8, '0')

/** @param codes what each letter bears, for a batch of letters in the transaction that says they are written */
export async function keepLetterCodes(
  trx: TransactionClientContract,
  codes: readonly { letterId: number; code: string }[]
) {
  if (codes.length === 0) return
  const createdAt = clock.now()
  await trx.table('letter_codes').multiInsert(
    codes.map(({ letterId, code }) => ({
      letter_id: letterId,
      code_hmac: keyedHash(purposeOf(letterId), code),
      created_at: createdAt,
    }))
  )
}

export type LetterCodeTried =
  | { outcome: 'right'; letterId: number; attempts: number }
  | { outcome: 'wrong'; attempts: number }
  | { outcome: 'over' }

/**
 * Tries a code against those of some letters, which all count the try. Right once, or tried too often, it is over.
 */
export async function tryLetterCode(
  trx: TransactionClientContract,
  letterIds: readonly number[],
  typed: string
): Promise<LetterCodeTried> {
  const codes: { letter_id: number; code_hmac: string; attempts: number }[] = await usableCodes(trx)
    .whereIn('letter_id', [...letterIds])
    .orderBy('letter_id')
    .forUpdate()
  if (codes.length === 0) return { outcome: 'over' }
  const attempts = Math.max(...codes.map((code) => code.attempts)) + 1
  const right = codes.find((code) => isKeyedHash(code.code_hmac, purposeOf(code.letter_id), typed))
  const tried = trx.from('letter_codes').whereIn(
    'letter_id',
    codes.map((code) => code.letter_id)
  )
  await tried.increment('attempts')
  if (!right) return { outcome: 'wrong', attempts }
  await trx.from('letter_codes').where('letter_id', right.letter_id).update({ used_at: clock.now() })
  return { outcome: 'right', letterId: Number(right.letter_id), attempts }
}

/** The codes that still open something. */
export const usableCodes = (client: QueryClientContract) =>
  client
    .from('letter_codes')
    .whereNull('letter_codes.used_at')
    .where('letter_codes.attempts', '<', LETTER_CODE_TRIES)

const purposeOf = (letterId: number | string) => `letter code ${letterId}`
