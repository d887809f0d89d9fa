import { addMinutes, clock } from '#shared/clock'
import type { EvidenceActor } from '#registered_mail/evidence/event_types'
import { holdEre } from '#registered_mail/ere/change'

const MOST_RECORDED = 50
const APART_MINUTES = 10

/**
 * A page of the sending was asked for: technical, since mail scanners open links too. It changes no state, and
 * is noted now and then, so that nobody fills a chain by asking again.
 */
export class NoteFetch {
  handle({ ereId, page, actor }: { ereId: number; page: string; actor: EvidenceActor }): Promise<void> {
    return holdEre(ereId, async (held) => {
      const noted = await held.trx
        .from('evidence_events')
        .where({ letter_id: held.letter.id, type: 'page.fetched' })
        .orderBy('id', 'desc')
        .limit(MOST_RECORDED)
        .select('at')
      if (noted.length === MOST_RECORDED) return
      if (noted[0] && noted[0].at > addMinutes(clock.now(), -APART_MINUTES)) return
      await held.prove('page.fetched', actor, { page })
    })
  }
}
