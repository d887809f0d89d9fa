import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import DebtorRequest, { type CallSlot } from '#claims/models/debtor_request'

export type RequestInput =
  | { kind: 'time'; claimId: number; wantedOn: CivilDate; message: string | null }
  | {
      kind: 'callback'
      claimId: number
      wantedOn: CivilDate
      slot: CallSlot
      /** E.164 */
      phone: string
      message: string | null
    }

/**
 * Records what a debtor asks for, for a person to answer. The same words again
 * while nobody has answered are one request: a double click asks once.
 */
export default class RecordRequest {
  handle(
    input: RequestInput,
    open?: TransactionClientContract
  ): Promise<{ outcome: 'recorded' | 'already_recorded'; request: DebtorRequest }> {
    return transaction(async (trx) => {
      await lockClaim(trx, input.claimId)
      const facts = { slot: null, phone: null, ...input }
      const pending = await DebtorRequest.query({ client: trx })
        .where('claimId', input.claimId)
        .where('kind', input.kind)
        .whereNull('handledAt')
        .orderBy('id', 'desc')
      const same = pending.find(
        (one) =>
          one.wantedOn === facts.wantedOn &&
          one.slot === facts.slot &&
          one.phone === facts.phone &&
          one.message === facts.message
      )
      if (same) return { outcome: 'already_recorded', request: same }

      const at = clock.now()
      const request = await DebtorRequest.create({ ...facts, createdAt: at }, { client: trx })
      await recordEvent(trx, {
        claimId: input.claimId,
        type: `request.${input.kind}`,
        actor: 'debtor',
        detail: { wantedOn: input.wantedOn, slot: facts.slot },
        at,
      })
      return { outcome: 'recorded', request }
    }, open)
  }
}
