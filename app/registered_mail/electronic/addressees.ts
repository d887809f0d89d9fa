import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { sqlList, write } from '#shared/sql'
import Agency from '#agency/models/agency'
import { collectionEmail } from '#debtors/collection_contact'
import { ELECTRONIC_KINDS } from '#letters/letter_content'
import { consentFor } from '#registered_mail/ere/consents'
import { contactSource, draftEres } from '#registered_mail/ere/draft'
import { electronicRouteOf, OWN } from '#registered_mail/routing'

/** To whom a letter leaves electronically through a provider, and on whose consent (rule 46). */
export interface LetterAddressee {
  letterId: number
  requestKey: string | null
  email: string
  contactSource: string
  consentId: number | null
  userId: number | null
}

/**
 * Letters just queued that leave electronically, in the transaction that queues them: the route of each is decided
 * now, its step's before that of its kind, for ours and a provider's are different lives. What is ours becomes an
 * ERE; for the rest the file's collection contact is kept.
 *
 * @param letterIds a SELECT of their ids
 */
export async function addressElectronic(trx: TransactionClientContract, letterIds: string) {
  const agency = await Agency.query({ client: trx }).orderBy('id').first()
  await write(
    trx,
    `update letters set route = coalesce(
       (select s.route from actions a join scenario_steps s on s.id = a.step_id where a.id = letters.action_id),
       case kind when 'lre' then :lre else :ere end)
     where id in (${letterIds})`,
    { ere: electronicRouteOf('ere', agency), lre: electronicRouteOf('lre', agency) }
  )
  const of = (test: string) => `select x.id from letters x where x.id in (${letterIds}) and ${test}`
  await draftEres(trx, of(`x.route = '${OWN}'`))
  await write(
    trx,
    `insert into letter_addressees (letter_id, email, contact_source, consent_id, created_at)
     select one.letter_id, one.email, ${contactSource('one')}, (${consentFor('one', 'one.email')}), :at
     from (
       select l.id as letter_id, c.debtor_id, (${collectionEmail('c')}) as email
       from letters l join claims c on c.id = l.claim_id where l.id in (${of(`x.route <> '${OWN}'`)})
     ) one`,
    { at: clock.now() }
  )
}

export async function addresseeOf(
  client: QueryClientContract,
  by: { letter_id: number } | { request_key: string }
): Promise<LetterAddressee | null> {
  const row = await client.from('letter_addressees').where(by).first()
  return (
    row && {
      letterId: Number(row.letter_id),
      requestKey: row.request_key,
      email: row.email,
      contactSource: row.contact_source,
      consentId: row.consent_id === null ? null : Number(row.consent_id),
      userId: row.user_id === null ? null : Number(row.user_id),
    }
  )
}

export const keepAddressee = (trx: TransactionClientContract, addressee: LetterAddressee) =>
  trx.table('letter_addressees').insert({
    letter_id: addressee.letterId,
    request_key: addressee.requestKey,
    email: addressee.email,
    contact_source: addressee.contactSource,
    consent_id: addressee.consentId,
    user_id: addressee.userId,
    created_at: clock.now(),
  })

/** As SQL: whether a letter leaves electronically. */
export const isElectronicSql = (kind: string) => `${kind} in (${sqlList(ELECTRONIC_KINDS)})`
