import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { rowsOf, write } from '#shared/sql'
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
  const [found] = await rowsOf<{ mobile: string | null; source: string | null }>(
    trx,
    `select known.mobile, ${contactSource('known', 'mobile')} as source
     from (select d.debtor_id, (${collectionMobile('d')}) as mobile
       from (select cast(:debtorId as bigint) as debtor_id) d) known`,
    { debtorId }
  )
  return { mobile: found!.mobile, mobileSource: found!.source }
}

/** `contactSource` of one address; null when the file does not know it. */
export async function contactSourceOf(
  trx: TransactionClientContract,
  debtorId: number,
  email: string
): Promise<string | null> {
  const [found] = await rowsOf<{ source: string | null }>(
    trx,
    `select ${contactSource('known')} as source
     from (select cast(:debtorId as bigint) as debtor_id, cast(:email as text) as email) known`,
    { debtorId, email }
  )
  return found!.source
}

/** Its letter could not be written, or its file stopped before it was: nothing was deposited. */
export async function draftStopped(trx: TransactionClientContract, letterId: number) {
  const now = clock.now()
  await trx
    .from('eres')
    .where({ letter_id: letterId, state: 'draft' })
    .update({ state: 'cancelled', ended_at: now, updated_at: now })
}
