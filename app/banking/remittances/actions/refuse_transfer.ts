import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { returnRemittance } from '#claims/ledger'
import Remittance from '#banking/remittances/models/remittance'
import { recordOnFiles } from '#banking/remittances/record_on_files'
import TransferRefusal from '#banking/remittances/models/transfer_refusal'

export type TransferToRefuse = {
  id: number
  /** The order that was refused; null for a transfer made by hand. One that is in another by now is left alone. */
  orderId: number | null
  reason: string
  refusedOn: CivilDate
  userId: number | null
}

export type RefusedTransfer = 'refused' | 'not_ordered' | 'date_refused'

/**
 * The bank did not make a transfer, or sent it back: its remittance is prepared again, with the lines
 * it drew, and goes into the next order once. When it had been marked as paid the ledger says that it
 * came back; its fee's invoice stays, because the debtors have paid. A second time changes nothing.
 */
export class RefuseTransfer {
  handle(refusal: TransferToRefuse, open?: TransactionClientContract): Promise<RefusedTransfer> {
    return transaction(async (trx) => {
      const { id, orderId, reason, refusedOn, userId } = refusal
      const remittance = await Remittance.query({ client: trx }).where('id', id).forUpdate().firstOrFail()
      const { state, direct, paidOn } = remittance
      if (direct || (state !== 'exported' && state !== 'paid') || remittance.orderId !== orderId) {
        return 'not_ordered'
      }
      if (refusedOn > clock.today() || (paidOn && refusedOn < paidOn)) return 'date_refused'
      const attempt = await attemptOf(trx, id)
      if (state === 'paid') {
        await returnRemittance(trx, remittance, refusedOn)
        const detail = { remittance: remittance.ref, returnedOn: refusedOn }
        await recordOnFiles(trx, id, { type: 'remittance.returned', userId, detail })
      }
      await TransferRefusal.create(
        {
          remittanceId: id,
          attempt,
          orderId,
          reason,
          wasPaid: state === 'paid',
          refusedOn,
          userId,
          createdAt: clock.now(),
        },
        { client: trx }
      )
      await remittance
        .merge({ state: 'prepared', orderId: null, paidOn: null, fileSha256: null, updatedAt: clock.now() })
        .save()
      return 'refused'
    }, open)
  }
}

/** Which try of a remittance its next or present transfer is, from 1. */
export async function attemptOf(trx: TransactionClientContract, remittanceId: number): Promise<number> {
  const last = await TransferRefusal.query({ client: trx })
    .where('remittanceId', remittanceId)
    .orderBy('attempt', 'desc')
    .first()
  return (last?.attempt ?? 0) + 1
}
