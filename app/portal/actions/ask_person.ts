import type { EmailAddress } from '#shared/email_address'
import { transaction } from '#shared/transaction'
import RecordRequest, { type RequestInput } from '#claims/actions/record_request'
import type Claim from '#claims/models/claim'
import { queueConfirmation } from '#portal/confirmations'

type Distribute<T> = T extends unknown ? Omit<T, 'claimId'> : never

export type AskPersonInput = {
  claim: Claim
  request: Distribute<RequestInput>
  email: EmailAddress | null
  locale: string
}

/** A debtor asks for time or a call: a person will answer, and both sides are told so. */
export default class AskPerson {
  handle({ claim, request, email, locale }: AskPersonInput) {
    return transaction(async (trx) => {
      const recorded = await new RecordRequest().handle({ ...request, claimId: claim.id }, trx)
      if (recorded.outcome === 'recorded') {
        const act = { name: request.kind, id: recorded.request.id } as const
        await queueConfirmation(trx, claim, act, { given: email, locale })
      }
      return recorded
    })
  }
}
