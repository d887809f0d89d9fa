import { clock } from '#shared/clock'
import Letter from '#letters/models/letter'
import { holdEre } from '#registered_mail/ere/change'
import { revokeEreLinks } from '#registered_mail/ere/links'
import type { EreState } from '#registered_mail/ere/states'
import type User from '#users/models/user'

const ALLOWED: readonly EreState[] = ['notification_failed', 'refused', 'expired']

/**
 * Writes the same demand as a registered letter on paper. What could not be notified is replaced by it; what
 * was refused or not claimed stays so, and is followed by it. Null when it is not for now, or was done.
 */
export class FallBackToPaper {
  handle({ ereId, reason, by }: { ereId: number; reason: string; by: User }): Promise<Letter | null> {
    return holdEre(ereId, async (held) => {
      const { ere, letter, trx } = held
      if (!ALLOWED.includes(ere.state) || ere.paperLetterId) return null
      const [{ count }] = await trx.from('letters').where('claim_id', letter.claimId).count('* as count')
      const ref = `${letter.ref.replace(/-L\d+$/, '')}-L${Number(count) + 1}`
      const paper = await Letter.create(
        {
          ref,
          claimId: letter.claimId,
          kind: 'lrar',
          template: 'registered_letter',
          datedOn: clock.today(),
          state: 'queued',
          createdAt: clock.now(),
        },
        { client: trx }
      )
      await held.prove('fallback.paper', { kind: 'user', id: String(by.id) }, { reason })
      const done = { paperLetterId: paper.id, seenAt: clock.now() }
      if (ere.state === 'notification_failed') {
        await revokeEreLinks(trx, ere.id)
        await held.become('replaced', { ...done, endedAt: clock.now() })
      } else await held.set(done)
      await held.tell('replaced', { actor: 'user', userId: by.id }, { by: ref })
      return paper
    })
  }
}
