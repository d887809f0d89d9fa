import { randomInt } from 'node:crypto'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addMinutes, clock } from '#shared/clock'
import { isKeyedHash, keyedHash } from '#shared/keyed_hash'
import EreCode from '#registered_mail/ere/models/ere_code'

export const CODE_MINUTES = 10
export const CODE_TRIES = 5
/** By which a code may be sent. */
export type CodeChannel = 'email' | 'sms'

export const CODE_SHAPE = /^\d{6}$/

/** A new code for an ERE, in clear only in what is returned; the one before is worth nothing any more. */
export async function makeCode(
  trx: TransactionClientContract,
  ereId: number,
  channel: CodeChannel
): Promise<string> {
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const now = clock.now()
  await EreCode.create(
    {
      ereId,
      channel,
      codeHmac: keyedHash(purposeOf(ereId), code),
      expiresAt: addMinutes(now, CODE_MINUTES),
      createdAt: now,
    },
    { client: trx }
  )
  return code
}

export type Tried =
  { outcome: 'right' | 'wrong'; channel: CodeChannel; attempts: number } | { outcome: 'over' }

/**
 * Tries a code against the last one made: once right, or five times tried, or after ten minutes, it is over.
 * The caller holds the ERE's row.
 */
export async function tryCode(trx: TransactionClientContract, ereId: number, typed: string): Promise<Tried> {
  const last = await EreCode.query({ client: trx }).where('ereId', ereId).orderBy('id', 'desc').first()
  const now = clock.now()
  if (!last || last.usedAt || last.expiresAt <= now || last.attempts >= CODE_TRIES) return { outcome: 'over' }
  const attempts = last.attempts + 1
  const right = isKeyedHash(last.codeHmac, purposeOf(ereId), typed)
  await last.merge({ attempts, usedAt: right ? now : null }).save()
  return { outcome: right ? 'right' : 'wrong', channel: last.channel, attempts }
}

const purposeOf = (ereId: number) => `ere code ${ereId}`
