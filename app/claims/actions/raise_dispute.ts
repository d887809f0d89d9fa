import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addDays, addWorkingDays } from '#shared/calendar'
import { civilDateAt, clock, type CivilDate } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import Claim from '#claims/models/claim'
import Dispute, { type DisputeReason } from '#claims/models/dispute'
import Document from '#claims/models/document'
import { refreshStatus } from '#claims/status'

/** The agency's word to the debtor; no text sets a term for an amicable answer. */
const ANSWER_DAYS = 15

/** A document joined to a dispute, its media type already read from its content. */
export type Evidence = { name: string; bytes: Uint8Array; mediaType: string }

export type RaiseDisputeInput = {
  claimId: number
  reason: DisputeReason
  message: string | null
  /** Empty for the whole file. */
  invoiceIds: readonly number[]
  evidence: readonly Evidence[]
  raisedBy: Dispute['raisedBy']
  userId?: number | null
}

export type RaiseDisputeOutcome =
  | { outcome: 'raised' | 'already_open'; dispute: Dispute }
  /** The file is paid or closed: there is nothing to dispute. */
  | { outcome: 'nothing_due' }

/**
 * Records a dispute and suspends the file until a person answers (rule 41). A
 * second one while the first is open changes nothing, so that a double click
 * is one dispute.
 */
export default class RaiseDispute {
  handle(input: RaiseDisputeInput, open?: TransactionClientContract): Promise<RaiseDisputeOutcome> {
    return transaction((trx) => this.#raise(trx, input), open)
  }

  async #raise(trx: TransactionClientContract, input: RaiseDisputeInput): Promise<RaiseDisputeOutcome> {
    await lockClaim(trx, input.claimId)
    const claim = await Claim.findOrFail(input.claimId, { client: trx })
    const opened = await Dispute.query({ client: trx })
      .where('claimId', claim.id)
      .whereNull('resolvedAt')
      .first()
    if (opened) return { outcome: 'already_open', dispute: opened }
    if (claim.status === 'paid' || claim.status === 'closed') return { outcome: 'nothing_due' }

    const at = clock.now()
    const dispute = await Dispute.create(
      {
        claimId: claim.id,
        reason: input.reason,
        message: input.message,
        raisedBy: input.raisedBy,
        answerByOn: answerDay(civilDateAt(at)),
        userId: input.userId ?? null,
        createdAt: at,
      },
      { client: trx }
    )
    await this.#join(trx, claim, dispute, input)
    await refreshStatus(trx, 'claims.id = ?', [claim.id])
    await recordEvent(trx, {
      claimId: claim.id,
      type: 'dispute.raised',
      actor: input.raisedBy,
      userId: input.userId ?? null,
      detail: { reason: input.reason, files: input.evidence.length },
      at,
    })
    return { outcome: 'raised', dispute }
  }

  async #join(
    trx: TransactionClientContract,
    claim: Claim,
    dispute: Dispute,
    { invoiceIds, evidence }: RaiseDisputeInput
  ) {
    const invoices = await claim
      .related('invoices')
      .query()
      .whereIn('id', [...invoiceIds])
    await dispute.related('invoices').attach(
      invoices.map((invoice) => invoice.id),
      trx
    )
    for (const file of evidence) {
      const about = {
        claimId: claim.id,
        kind: 'dispute',
        name: file.name,
        createdAt: dispute.createdAt,
      } as const
      await Document.keepShown(trx, about, file)
    }
  }
}

/** The day by which a dispute raised on a day is answered: fifteen days on, or the first working day after. */
export const answerDay = (on: CivilDate) => addWorkingDays(addDays(on, ANSWER_DAYS - 1), 1)
