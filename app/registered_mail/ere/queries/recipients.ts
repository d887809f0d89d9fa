import db from '@adonisjs/lucid/services/db'
import type { ElectronicKind } from '#letters/letter_content'
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

/**
 * What may write an electronic letter of a file: the built-in one, and what is published for it. A qualified letter is
 * written as the registered letter that it is.
 */
export async function ereTemplates(
  claim: Claim,
  kind: ElectronicKind = 'ere'
): Promise<{ slug: string; name: string | null }[]> {
  const builtIn = BUILT_IN[kind]
  const published = await LetterTemplate.query()
    .where('channel', kind === 'lre' ? 'lrar' : kind)
    .whereIn('audience', ['any', claim.kind])
    .where((owner) => owner.whereNull('creditorId').orWhere('creditorId', claim.creditorId))
    .whereHas('versions', (versions) => versions.where('state', 'published'))
    .orderBy('name')
  const own = published.map(({ slug, name }) => ({ slug, name }))
  const replaced = own.some(({ slug }) => slug === builtIn)
  return [...(replaced ? [] : [{ slug: builtIn, name: null }]), ...own]
}

const BUILT_IN = { ere: 'electronic_letter', lre: 'registered_letter' } as const satisfies Record<
  ElectronicKind,
  string
>
