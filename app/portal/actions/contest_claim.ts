import type { EmailAddress } from '#shared/email_address'
import { transaction } from '#shared/transaction'
import RaiseDispute, { type Evidence } from '#claims/actions/raise_dispute'
import type Claim from '#claims/models/claim'
import type { DisputeReason } from '#claims/models/dispute'
import { queueConfirmation } from '#portal/confirmations'

export type ContestClaimInput = {
  claim: Claim
  reason: DisputeReason
  message: string
  invoiceIds: readonly number[]
  evidence: readonly Evidence[]
  email: EmailAddress | null
  locale: string
}

/** A debtor contests: the dispute, the copy to them and the word to the creditor, or none of it. */
export default class ContestClaim {
  handle({ claim, email, locale, ...facts }: ContestClaimInput) {
    return transaction(async (trx) => {
      const raised = await new RaiseDispute().handle({ ...facts, claimId: claim.id, raisedBy: 'debtor' }, trx)
      if (raised.outcome === 'raised') {
        const act = { name: 'dispute', id: raised.dispute.id } as const
        await queueConfirmation(trx, claim, act, { given: email, locale })
      }
      return raised
    })
  }
}
