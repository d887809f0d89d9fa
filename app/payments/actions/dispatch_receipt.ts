import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import type Payment from '#payments/models/payment'
import type Receipt from '#payments/models/receipt'
import ReceiptDispatch from '#payments/models/receipt_dispatch'

/** Notes who gave a debtor the receipt that no email could bring (rule 33). A second time changes nothing. */
export class DispatchReceipt {
  handle({ payment, userId }: { payment: Payment; userId: number }): Promise<Receipt> {
    return transaction(async (trx) => {
      await lockClaim(trx, payment.claimId)
      const receipt = await payment.currentReceipt(trx)
      if (await ReceiptDispatch.findBy('receiptId', receipt.id, { client: trx })) return receipt
      await ReceiptDispatch.create({ receiptId: receipt.id, userId, createdAt: clock.now() }, { client: trx })
      await recordEvent(trx, {
        claimId: payment.claimId,
        type: 'receipt.dispatched',
        actor: 'user',
        userId,
        detail: { receipt: receipt.number },
      })
      return receipt
    })
  }
}
