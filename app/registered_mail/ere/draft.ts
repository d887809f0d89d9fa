import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { frenchDate } from '#shared/french'
import { write } from '#shared/sql'
import { collectionEmail, collectionMobile } from '#debtors/collection_contact'
import { consentFor } from '#registered_mail/ere/consents'

/**
 * Letters just queued that are to leave electronically, each to its file's collection contact, in the
 * transaction that queues them.
 *
 * @param letterIds a SELECT of their ids
 */
export const draftEres = (trx: TransactionClientContract, letterIds: string) =>
  write(
    trx,
    `insert into eres (letter_id, email, contact_source, mobile, mobile_source, consent_id, state, created_at, updated_at)
     select draft.letter_id, draft.email, ${contactSource('draft')}, draft.mobile, ${contactSource('draft', 'mobile')},
       (${consentFor('draft', 'draft.email')}), 'draft', :at, :at
     from (
       select l.id as letter_id, c.debtor_id, (${collectionEmail('c')}) as email, (${collectionMobile('c')}) as mobile
       from letters l join claims c on c.id = l.claim_id where l.id in (${letterIds})
     ) draft`,
    { at: clock.now() }
  )

/** Where an address or a number is known from, in words that the evidence file quotes: what the file says of it, and since when. */
export const contactSource = (alias: string, kind: 'email' | 'mobile' = 'email') =>
  `(select coalesce(p.label, 'coordonnée du dossier') || ', connue depuis le ' || substr(p.created_at, 9, 2) || '/' || substr(p.created_at, 6, 2)
      || '/' || substr(p.created_at, 1, 4)
    from contact_points p where p.debtor_id = ${alias}.debtor_id and p.kind = '${kind}' and p.value = ${alias}.${kind})`

/** The mobile on file at that moment, to which a code may go; none is no obstacle. */
export async function mobileOf(
  trx: TransactionClientContract,
  debtorId: number
): Promise<{ mobile: string | null; mobileSource: string | null }> {
  const row = await trx
    .from('contact_points')
    .where({ debtor_id: debtorId, kind: 'mobile' })
    .whereNull('bounced_at')
    .orderBy('collection_contact', 'desc')
    .orderBy('id')
    .first()
  return { mobile: row?.value ?? null, mobileSource: row ? sourceText(row) : null }
}

/** The same for one address. */
export async function contactSourceOf(
  trx: TransactionClientContract,
  debtorId: number,
  email: string
): Promise<string | null> {
  const row = await trx
    .from('contact_points')
    .where({ debtor_id: debtorId, kind: 'email', value: email })
    .select('label', 'created_at')
    .first()
  return row ? sourceText(row) : null
}

const sourceText = ({ label, created_at: createdAt }: { label: string | null; created_at: string }) =>
  `${label ?? 'coordonnée du dossier'}, connue depuis le ${frenchDate(createdAt.slice(0, 10))}`

/** Its letter could not be written, or its file stopped before it was: nothing was deposited. */
export async function draftStopped(trx: TransactionClientContract, letterId: number) {
  const now = clock.now()
  await trx
    .from('eres')
    .where({ letter_id: letterId, state: 'draft' })
    .update({ state: 'cancelled', ended_at: now, updated_at: now })
}
