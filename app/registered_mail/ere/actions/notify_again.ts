import Claim from '#claims/models/claim'
import { holdEre } from '#registered_mail/ere/change'
import { revokeEreLinks } from '#registered_mail/ere/links'
import { queueNotice } from '#registered_mail/ere/queue'
import { addressee, type EreRefusal } from '#registered_mail/ere/refusals'
import type User from '#users/models/user'

export type Notified = { outcome: 'queued' | 'not_failed' } | { outcome: 'refused'; reason: EreRefusal }

/** After a bounce: another notice, to the same address or a corrected one, begins the period again. */
export class NotifyAgain {
  handle({ ereId, email, by }: { ereId: number; email: string; by: User }): Promise<Notified> {
    return holdEre(ereId, async (held): Promise<Notified> => {
      const { ere, letter, trx } = held
      if (ere.state !== 'notification_failed') return { outcome: 'not_failed' }
      const waits = await trx
        .from('deliveries')
        .where('key', `ere:${ere.id}:notice:${ere.notices}`)
        .whereIn('state', ['queued', 'leased', 'sending'])
        .first()
      if (waits) return { outcome: 'not_failed' }
      const recipient = await addressee(trx, await Claim.findOrFail(letter.claimId, { client: trx }), email)
      if (typeof recipient === 'string') return { outcome: 'refused', reason: recipient }
      if (email !== ere.email) await revokeEreLinks(trx, ere.id)
      if (recipient.consentId && recipient.consentId !== ere.consentId)
        await held.proveConsent(recipient.consentId, by)
      await held.set({ ...recipient, seenAt: null })
      await queueNotice(held)
      await held.tell('notified_again', { actor: 'user', userId: by.id }, { to: email })
      return { outcome: 'queued' }
    })
  }
}
