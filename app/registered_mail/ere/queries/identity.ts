import db from '@adonisjs/lucid/services/db'
import type { EvidenceData, EvidenceLine } from '#registered_mail/evidence/event_types'

/** By what the recipient of a letter last showed who they are, as its chain says. */
export async function identityOf(letterId: number): Promise<EvidenceData['identity.verified'] | null> {
  const event = await db
    .from('evidence_events')
    .where({ letter_id: letterId, type: 'identity.verified' })
    .orderBy('seq', 'desc')
    .first()
  return event ? (JSON.parse(event.line) as EvidenceLine<'identity.verified'>).data : null
}
