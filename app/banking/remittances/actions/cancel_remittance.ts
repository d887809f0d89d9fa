import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import FeeInvoice from '#banking/fees/fee_invoice'
import Remittance from '#banking/remittances/models/remittance'

/** Undoes a remittance that the bank has not heard of: its payments can be drawn again, its number stays. */
export class CancelRemittance {
  handle({ id, userId }: { id: number; userId: number }): Promise<'cancelled' | 'too_late' | 'invoiced'> {
    return transaction(async (trx) => {
      const remittance = await Remittance.query({ client: trx }).where('id', id).forUpdate().firstOrFail()
      if (remittance.state !== 'prepared') return 'too_late'
      // Its transfer came back after its fee was invoiced: drawing its payments anew would invoice them twice.
      if (await FeeInvoice.findBy('remittanceId', id, { client: trx })) return 'invoiced'
      const now = clock.now()
      await remittance.merge({ state: 'cancelled', userId, updatedAt: now }).save()
      await trx.from('remittance_lines').where('remittance_id', id).update({ released_at: now })
      return 'cancelled'
    })
  }
}
