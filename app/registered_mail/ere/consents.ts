import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { rowsOf } from '#shared/sql'
import EreConsent from '#registered_mail/ere/models/ere_consent'

/** As SQL: the standing consent of an alias's debtor for an address, the last recorded; null without one. */
export const consentFor = (alias: string, email: string) =>
  `select max(k.id) from ere_consents k
   where k.debtor_id = ${alias}.debtor_id and lower(k.email) = lower(${email})
     and not exists (select 1 from ere_consent_withdrawals w where w.consent_id = k.id)`

/** The consent that an ERE to that address would rest on. */
export async function consentOf(
  client: QueryClientContract,
  debtorId: number,
  email: string
): Promise<number | null> {
  const [row] = await rowsOf<{ id: number | null }>(
    client,
    `select (${consentFor('one', ':email')}) as id from (select cast(:debtor as bigint) as debtor_id) one`,
    { email, debtor: debtorId }
  )
  return row?.id ? Number(row.id) : null
}

/** What opens the chain of a letter that rests on it. */
export const consentData = ({ textSha256, source, givenOn: on, email: address }: EreConsent) => ({
  textSha256,
  source,
  on,
  address,
})

/** What a debtor has agreed to and not withdrawn, newest first. */
export const standingConsents = (debtorId: number) =>
  EreConsent.query()
    .where('debtorId', debtorId)
    .whereNotExists((withdrawal) =>
      withdrawal
        .from('ere_consent_withdrawals')
        .whereColumn('ere_consent_withdrawals.consent_id', 'ere_consents.id')
    )
    .orderBy('id', 'desc')
