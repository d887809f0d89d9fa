import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import type Claim from '#claims/models/claim'
import { standingConsents } from '#registered_mail/ere/consents'
import type User from '#users/models/user'

/** A person no longer agrees: what has left stays, nothing more leaves. False when it was withdrawn already. */
export class WithdrawConsent {
  handle({ claim, consentId, by }: { claim: Claim; consentId: number; by: User }): Promise<boolean> {
    return transaction(async (trx) => {
      const consent = await standingConsents(claim.debtorId)
        .useTransaction(trx)
        .where('id', consentId)
        .first()
      if (!consent) return false
      await trx
        .insertQuery()
        .table('ere_consent_withdrawals')
        .knexQuery.insert({ consent_id: consentId, user_id: by.id, created_at: clock.now() })
        .onConflict('consent_id')
        .ignore()
      await recordEvent(trx, {
        claimId: claim.id,
        type: 'ere.consent_withdrawn',
        actor: 'user',
        userId: by.id,
        detail: { to: consent.email },
      })
      return true
    })
  }
}
