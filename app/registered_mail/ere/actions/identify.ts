import { maskedEmail } from '#shared/email_address'
import type { EvidenceActor } from '#registered_mail/evidence/event_types'
import { holdEre } from '#registered_mail/ere/change'
import { tryCode, type Tried } from '#registered_mail/ere/codes'
import { expireIfOver } from '#registered_mail/ere/expiry'
import { isAnswerable, isOpened, mayBecome } from '#registered_mail/ere/states'

/** Tries a one-time code. Each try is in the chain, right or wrong. */
export class Identify {
  handle({
    ereId,
    code,
    actor,
  }: {
    ereId: number
    code: string
    actor: EvidenceActor
  }): Promise<Tried['outcome']> {
    return holdEre(ereId, async (held) => {
      if (await expireIfOver(held)) return 'over'
      if (!isAnswerable(held.ere.state) && !isOpened(held.ere.state)) return 'over'
      const { outcome, attempts } = await tryCode(held.trx, ereId, code)
      if (outcome === 'over') return outcome
      const facts = { channel: 'email', address: maskedEmail(held.ere.email), attempts }
      await held.prove(outcome === 'right' ? 'identity.verified' : 'identity.failed', actor, facts)
      if (outcome === 'right' && mayBecome(held.ere.state, 'identified')) await held.become('identified')
      return outcome
    })
  }
}
