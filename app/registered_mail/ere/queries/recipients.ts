import db from '@adonisjs/lucid/services/db'
import type Claim from '#claims/models/claim'
import LetterTemplate from '#letters/models/letter_template'
import { consentOf } from '#registered_mail/ere/consents'

export interface Addressee {
  email: string
  label: string | null
  /** What would refuse it: no consent of a consumer for this address. */
  missesConsent: boolean
}

/** Whom an ERE of a file may go to, the collection contact first; who bounced is not offered. */
export async function addresseesOf(claim: Claim): Promise<Addressee[]> {
  const points = await db
    .from('contact_points')
    .where({ debtor_id: claim.debtorId, kind: 'email' })
    .whereNull('bounced_at')
    .orderBy('collection_contact', 'desc')
    .orderBy('id')
    .select('value', 'label')
  return Promise.all(
    points.map(async ({ value: email, label }) => ({
      email,
      label,
      missesConsent: claim.kind === 'b2c' && !(await consentOf(db.connection(), claim.debtorId, email)),
    }))
  )
}

/** What may write an ERE of a file: the built-in letter, and what is published for it. */
export async function ereTemplates(claim: Claim): Promise<{ slug: string; name: string | null }[]> {
  const published = await LetterTemplate.query()
    .where('channel', 'ere')
    .whereIn('audience', ['any', claim.kind])
    .where((owner) => owner.whereNull('creditorId').orWhere('creditorId', claim.creditorId))
    .whereHas('versions', (versions) => versions.where('state', 'published'))
    .orderBy('name')
  const own = published.map(({ slug, name }) => ({ slug, name }))
  const replaced = own.some(({ slug }) => slug === BUILT_IN)
  return [...(replaced ? [] : [{ slug: BUILT_IN, name: null }]), ...own]
}

const BUILT_IN = 'electronic_letter'
