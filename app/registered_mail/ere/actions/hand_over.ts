import type { EvidenceActor } from '#registered_mail/evidence/event_types'
import { holdEre } from '#registered_mail/ere/change'
import { isOpened } from '#registered_mail/ere/states'

/** Downloads kept in a chain: one shows it, thousands would only make it unreadable. */
const MOST_RECORDED = 100

/** The letter's bytes have left in full for whoever accepted it. */
export class HandOver {
  handle(input: { ereId: number; sha256: string; bytes: number; actor: EvidenceActor }): Promise<void> {
    return holdEre(input.ereId, async (held) => {
      if (!isOpened(held.ere.state)) return
      const [{ count }] = await held.trx
        .from('evidence_events')
        .where({ letter_id: held.letter.id, type: 'content.handed_over' })
        .count('* as count')
      if (Number(count) < MOST_RECORDED)
        await held.prove('content.handed_over', input.actor, { sha256: input.sha256, bytes: input.bytes })
      if (held.ere.state === 'accepted') await held.become('received')
    })
  }
}
