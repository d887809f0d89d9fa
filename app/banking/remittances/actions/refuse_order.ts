import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { RefuseTransfer } from '#banking/remittances/actions/refuse_transfer'
import Remittance from '#banking/remittances/models/remittance'
import TransferOrder from '#banking/remittances/models/transfer_order'
import { readStatusReport } from '#banking/remittances/status_report'

export type OrderRefused =
  { outcome: 'refused'; orderRef: string; refused: number } | { outcome: 'unknown_order'; orderRef: string }

/** The bank refused an order, whole or in part: a person says so, or the bank's own status file. All of it at once. */
export class RefuseOrder {
  /** Every transfer of it that nobody has marked as paid. */
  whole({ orderRef, reason, userId }: { orderRef: string; reason: string; userId: number }) {
    return this.#refuse(orderRef, () => reason, userId)
  }

  /** @throws {UnreadableStatement} when it is no pain.002 */
  fromReport({ bytes, userId }: { bytes: Buffer; userId: number | null }): Promise<OrderRefused> {
    const { orderRef, whole, byTransfer } = readStatusReport(bytes)
    return this.#refuse(orderRef, (ref) => byTransfer.get(ref) ?? whole, userId)
  }

  #refuse(
    orderRef: string,
    reasonFor: (remittanceRef: string) => string | null,
    userId: number | null
  ): Promise<OrderRefused> {
    return transaction(async (trx) => {
      const order = await TransferOrder.query({ client: trx }).where('ref', orderRef).first()
      if (!order) return { outcome: 'unknown_order', orderRef }
      const ordered = await Remittance.query({ client: trx })
        .where({ orderId: order.id, state: 'exported' })
        .orderBy('id')
      let refused = 0
      for (const { id, ref } of ordered) {
        const reason = reasonFor(ref)
        if (reason === null) continue
        const refusal = { id, orderId: order.id, reason, refusedOn: clock.today(), userId }
        if ((await new RefuseTransfer().handle(refusal, trx)) === 'refused') refused += 1
      }
      return { outcome: 'refused', orderRef, refused }
    })
  }
}
