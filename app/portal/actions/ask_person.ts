import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import type { EmailAddress } from '#shared/email_address'
import { transaction } from '#shared/transaction'
import RecordRequest, { type RequestInput } from '#claims/actions/record_request'
import type Claim from '#claims/models/claim'
import { fallenDue, loadOwed } from '#claims/owed'
import { RecordPromise } from '#payments/plans/actions/record_promise'
import { latestPromise } from '#payments/plans/rules'
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
        if (request.kind === 'time') await this.#promise(trx, claim, request.wantedOn, recorded.request.id)
        await queueConfirmation(trx, claim, act, { given: email, locale })
      }
      return recorded
    })
  }

  /**
   * A date that the creditor accepts beforehand is a promise: reminders are held until then. A debtor
   * who did not keep one before waits for a person.
   */
  async #promise(trx: TransactionClientContract, claim: Claim, wantedOn: CivilDate, requestId: number) {
    const broken = await trx.from('promises').where({ claim_id: claim.id, state: 'broken' }).first()
    const today = clock.today()
    if (broken || wantedOn > latestPromise(today, claim.creditor)) return
    const { totalCents: amountCents } = fallenDue(await loadOwed(claim.id, today, trx))
    await new RecordPromise().handle({ claimId: claim.id, amountCents, dueOn: wantedOn, requestId }, trx)
  }
}
