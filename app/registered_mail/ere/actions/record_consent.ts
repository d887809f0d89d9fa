import { clock, type CivilDate } from '#shared/clock'
import { sha256 } from '#shared/files'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import type Claim from '#claims/models/claim'
import EreConsent from '#registered_mail/ere/models/ere_consent'
import type User from '#users/models/user'

export interface ConsentInput {
  claim: Claim
  email: string
  givenOn: CivilDate
  /** What was agreed to, word for word. */
  text: string
  /** How it was given: a signed form, an email, the creditor's contract. */
  source: string
  by: User
}

/** Rule 46: what a person agreed to before anything was sent to them electronically. */
export class RecordConsent {
  handle({
    claim,
    email,
    givenOn,
    text,
    source,
    by,
  }: ConsentInput): Promise<'recorded' | 'email_unknown' | 'date_future'> {
    return transaction(async (trx) => {
      if (givenOn > clock.today()) return 'date_future'
      const known = await trx
        .from('contact_points')
        .where({ debtor_id: claim.debtorId, kind: 'email', value: email })
        .first()
      if (!known) return 'email_unknown'
      await EreConsent.create(
        {
          debtorId: claim.debtorId,
          email,
          givenOn,
          text,
          textSha256: sha256(text),
          source,
          userId: by.id,
          createdAt: clock.now(),
        },
        { client: trx }
      )
      await recordEvent(trx, {
        claimId: claim.id,
        type: 'ere.consent_recorded',
        actor: 'user',
        userId: by.id,
        detail: { to: email, source },
      })
      return 'recorded'
    })
  }
}
