import { transaction } from '#shared/transaction'
import { invoicesOfLine } from '#banking/fees/invoices_of_line'
import { SettleFeeInvoice } from '#banking/fees/settle_fee_invoice'
import BankLine from '#banking/models/bank_line'

export type SettledByLine = 'settled' | 'not_open' | 'not_this'

/**
 * A person says that a line of the agency's own bank is a creditor paying an invoice of its fee, whole: it is paid
 * on that day. One that was marked as paid by hand is only linked to its line.
 */
export class SettleByLine {
  handle({
    lineId,
    number,
    userId,
  }: {
    lineId: number
    number: string
    userId: number
  }): Promise<SettledByLine> {
    return transaction(async (trx) => {
      const line = await BankLine.locked(trx, lineId)
      if (!line.isUndecided) return 'not_open'
      const invoice = (await invoicesOfLine(line, trx)).find((one) => one.number === number)
      if (!invoice) return 'not_this'
      if (invoice.settlement) {
        await invoice.settlement.useTransaction(trx).merge({ lineId }).save()
      } else {
        const reference = line.reference?.slice(0, 64) ?? null
        const settlement = { invoiceId: invoice.id, paidOn: line.bookedOn, reference, userId, lineId }
        if ((await new SettleFeeInvoice().handle(settlement, trx)) !== 'settled') return 'not_this'
      }
      await line.merge({ state: 'matched', userId }).save()
      return 'settled'
    })
  }
}
