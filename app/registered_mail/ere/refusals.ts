import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { CivilDate } from '#shared/clock'
import Agency, { type LegalRequirement } from '#agency/models/agency'
import type Claim from '#claims/models/claim'
import Creditor from '#creditors/models/creditor'
import { stopOf, type Stop } from '#letters/stop'
import { consentOf } from '#registered_mail/ere/consents'
import { contactSourceOf } from '#registered_mail/ere/draft'

export type EreRefusal =
  | Stop
  | LegalRequirement
  | 'mandate_missing'
  | 'address_missing'
  | 'email_unknown'
  | 'email_bounced'
  | 'consent_missing'

export type EreRecipient = { email: string; contactSource: string; consentId: number | null }

/**
 * Whether a letter may leave electronically to an address of the file: rules 1, 2, 39, 41 and 46 as for any
 * other, and an address that the file knows.
 */
export async function recipientFor(
  trx: TransactionClientContract,
  claim: Claim,
  email: string,
  today: CivilDate
): Promise<EreRecipient | EreRefusal> {
  const stop = stopOf(claim, today)
  if (stop) return stop
  const [gap] = (await Agency.query({ client: trx }).orderBy('id').firstOrFail()).legalGaps(today)
  if (gap) return gap
  const creditor = await Creditor.findOrFail(claim.creditorId, { client: trx })
  if (!(await creditor.mandateOn(today, trx))) return 'mandate_missing'
  const address = trx.from('addresses').where('debtor_id', claim.debtorId).whereNull('replaced_at')
  if (!(await address.first())) return 'address_missing'
  return addressee(trx, claim, email)
}

/** The address alone: one of the file's, that works, and that a consumer agreed to be written to at. */
export async function addressee(
  trx: TransactionClientContract,
  claim: Claim,
  email: string
): Promise<EreRecipient | EreRefusal> {
  const { debtorId } = claim
  const point = await trx
    .from('contact_points')
    .where({ debtor_id: debtorId, kind: 'email', value: email })
    .first()
  if (!point) return 'email_unknown'
  if (point.bounced_at) return 'email_bounced'
  const consentId = await consentOf(trx, debtorId, email)
  if (claim.kind === 'b2c' && !consentId) return 'consent_missing'
  return { email, contactSource: (await contactSourceOf(trx, debtorId, email))!, consentId }
}
