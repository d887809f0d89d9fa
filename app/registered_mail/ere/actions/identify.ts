import { LETTER_CODE_SHAPE, tryLetterCode } from '#letters/letter_codes'
import type { EvidenceActor, EvidenceData } from '#registered_mail/evidence/event_types'
import { holdEre, type HeldEre } from '#registered_mail/ere/change'
import { maskedContact } from '#registered_mail/ere/code_channels'
import { tryCode } from '#registered_mail/ere/codes'
import { expireIfOver } from '#registered_mail/ere/expiry'
import { lettersInHand } from '#registered_mail/ere/letters_in_hand'
import { isAnswerable, isOpened, mayBecome } from '#registered_mail/ere/states'

export type Identified = 'right' | 'wrong' | 'over'

type Tried = { outcome: 'right' | 'wrong'; facts: EvidenceData['identity.verified'] } | { outcome: 'over' }

/** Tries a one-time code: the last one sent, or the one that a letter on paper bears. Each try is in the chain. */
export class Identify {
  handle({ ereId, code, actor }: { ereId: number; code: string; actor: EvidenceActor }): Promise<Identified> {
    return holdEre(ereId, async (held) => {
      if (await expireIfOver(held)) return 'over'
      if (!isAnswerable(held.ere.state) && !isOpened(held.ere.state)) return 'over'
      const tried = LETTER_CODE_SHAPE.test(code) ? await printed(held, code) : await sent(held, code)
      if (tried.outcome === 'over') return 'over'
      const { outcome, facts } = tried
      await held.prove(outcome === 'right' ? 'identity.verified' : 'identity.failed', actor, facts)
      if (outcome === 'right' && mayBecome(held.ere.state, 'identified')) await held.become('identified')
      return outcome
    })
  }
}

async function sent({ trx, ere }: HeldEre, code: string): Promise<Tried> {
  const tried = await tryCode(trx, ere.id, code)
  if (tried.outcome === 'over') return tried
  const { outcome, channel, attempts } = tried
  const address = maskedContact(channel, channel === 'sms' ? ere.mobile! : ere.email)
  return { outcome, facts: { channel, address, attempts } }
}

async function printed({ trx, letter }: HeldEre, code: string): Promise<Tried> {
  const letters = await lettersInHand(trx, letter.claimId)
  const tried = await tryLetterCode(
    trx,
    letters.map(({ id }) => id),
    code
  )
  if (tried.outcome === 'over') return tried
  const known = tried.outcome === 'right' ? letters.filter(({ id }) => id === tried.letterId) : letters
  const facts = {
    channel: 'letter',
    address: known.map(({ ref }) => ref).join(', '),
    attempts: tried.attempts,
    contactSource: known.map(({ posting }) => posting).join(' ; '),
  }
  return { outcome: tried.outcome, facts }
}
