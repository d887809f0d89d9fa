import db from '@adonisjs/lucid/services/db'
import type { EvidenceData, EvidenceLine } from '#registered_mail/evidence/event_types'

/** By what whoever signed a letter had shown who they are, as its chain says; null when nobody signed. */
export async function signerIdentity(letterId: number): Promise<EvidenceData['identity.verified'] | null> {
  const eventsOf = (type: string) => db.from('evidence_events').where({ letter_id: letterId, type })
  const event = await eventsOf('identity.verified')
    .where('seq', '<', eventsOf('letter.signed').max('seq'))
    .orderBy('seq', 'desc')
    .first()
  return event ? (JSON.parse(event.line) as EvidenceLine<'identity.verified'>).data : null
}
