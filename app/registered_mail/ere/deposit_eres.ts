import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import { DepositLetter } from '#registered_mail/evidence/actions/deposit_letter'
import { holdEre, SYSTEM } from '#registered_mail/ere/change'
import { consentData } from '#registered_mail/ere/consents'
import EreConsent from '#registered_mail/ere/models/ere_consent'
import Ere from '#registered_mail/ere/models/ere'
import { queueNotice } from '#registered_mail/ere/queue'

export interface Deposited {
  deposited: number
  failed: { ereId: number; reason: string }[]
}

/**
 * Seals the letters that are written and wait to leave electronically, then queues the notice of each. Killed
 * between the two, the next pass finds the letter sealed and goes on; a letter that cannot be sealed holds
 * up no other.
 *
 * @param letterIds only these; all that wait otherwise
 */
export async function depositEres(letterIds?: readonly number[], signal?: AbortSignal): Promise<Deposited> {
  const outcome: Deposited = { deposited: 0, failed: [] }
  for (const ereId of await waiting(letterIds)) {
    if (signal?.aborted) break
    try {
      if (await depositOne(ereId)) outcome.deposited += 1
    } catch (error) {
      logger.error({ err: error, ere: ereId }, 'an ERE could not be deposited')
      outcome.failed.push({ ereId, reason: (error as Error).message })
    }
  }
  return outcome
}

async function waiting(letterIds?: readonly number[]): Promise<number[]> {
  const query = db
    .from('eres')
    .join('letters', 'letters.id', 'eres.letter_id')
    .where('eres.state', 'draft')
    .where('letters.state', 'rendered')
    .orderBy('eres.id')
    .select('eres.id')
  if (letterIds) query.whereIn('letters.id', [...letterIds])
  return (await query).map(({ id }) => Number(id))
}

async function depositOne(ereId: number): Promise<boolean> {
  const ere = await Ere.findOrFail(ereId)
  const actor = ere.userId ? ({ kind: 'user', id: String(ere.userId) } as const) : SYSTEM
  const consent = ere.consentId ? await EreConsent.findOrFail(ere.consentId) : null
  const { email, letterId } = ere
  await new DepositLetter().handle({
    letterId,
    kind: 'ere',
    email,
    actor,
    consent: consent && consentData(consent),
  })
  return holdEre(ereId, async (held) => {
    if (held.ere.state !== 'draft') return false
    await held.become('deposited')
    await held.tell('deposited', ere.userId ? { actor: 'user', userId: ere.userId } : { actor: 'system' }, {
      to: email,
    })
    await queueNotice(held)
    return true
  })
}
