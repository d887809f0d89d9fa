import type { EvidenceActor } from '#registered_mail/evidence/event_types'
import { holdEre } from '#registered_mail/ere/change'
import { isOpened } from '#registered_mail/ere/states'

/**
 * A page of the letter was on the screen of whoever accepted it, as their browser says: an indication, noted
 * once for each page, and no step of the sending.
 */
export class NoteView {
  /** @param page from 1; one that the letter does not have is not noted */
  handle({ ereId, page, actor }: { ereId: number; page: number; actor: EvidenceActor }): Promise<void> {
    return holdEre(ereId, async (held) => {
      const { ere, letter, trx } = held
      if (!isOpened(ere.state) || page < 1 || page > (letter.pages ?? 0)) return
      const noted = await trx
        .from('evidence_events')
        .where({ letter_id: letter.id, type: 'content.viewed' })
        .select('line')
      const before = noted.flatMap(({ line }) => JSON.parse(line).data.pages as number[])
      if (!before.includes(page)) await held.prove('content.viewed', actor, { pages: [page] })
    })
  }
}
