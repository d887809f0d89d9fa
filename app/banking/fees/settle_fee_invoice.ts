import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { postFeeSettlement } from '#claims/ledger'
import BankLine from '#banking/models/bank_line'
import FeeInvoice from '#banking/fees/fee_invoice'
import FeeSettlement from '#banking/fees/fee_settlement'

export type Settled = 'settled' | 'already_settled' | 'kept' | 'date_refused'

/**
 * A creditor has paid an invoice of the agency's fee, whole and on the agency's own account: a person
 * says so, and the accounting export tells it. One kept from a remittance was never to be paid.
 */
export class SettleFeeInvoice {
  handle(
    settlement: {
      invoiceId: number
      paidOn: CivilDate
      reference: string | null
      userId: number
      /** The line of the agency's bank that shows it. */
      lineId?: number
    },
    open?: TransactionClientContract
  ): Promise<Settled> {
    const { invoiceId, paidOn, reference, userId, lineId = null } = settlement
    return transaction(async (trx) => {
      const invoice = await lockedInvoice(trx, invoiceId)
      if (invoice.remittance.netting) return 'kept'
      if (invoice.settlement) return 'already_settled'
      if (paidOn > clock.today() || paidOn < invoice.issuedOn) return 'date_refused'
      const { totalCents: amountCents, creditorId } = invoice
      const created = await FeeSettlement.create(
        { feeInvoiceId: invoiceId, paidOn, reference, amountCents, userId, lineId, createdAt: clock.now() },
        { client: trx }
      )
      await postFeeSettlement(trx, { id: created.id, creditorId, amountCents }, paidOn)
      return 'settled'
    }, open)
  }

  /** It was marked by mistake: the invoice is to be paid again, its line waits again, and the books tell both. */
  undo(invoiceId: number, userId: number): Promise<'undone' | 'not_settled'> {
    return transaction(async (trx) => {
      const { settlement, creditorId } = await lockedInvoice(trx, invoiceId)
      if (!settlement) return 'not_settled'
      const { id, amountCents, lineId } = settlement
      await settlement.useTransaction(trx).merge({ cancelledAt: clock.now(), cancelledById: userId }).save()
      await postFeeSettlement(trx, { id, creditorId, amountCents }, clock.today(), true)
      if (lineId) {
        await BankLine.query({ client: trx }).where('id', lineId).update({ state: 'open', userId: null })
      }
      return 'undone'
    })
  }
}

const lockedInvoice = (trx: TransactionClientContract, id: number) =>
  FeeInvoice.query({ client: trx })
    .where('id', id)
    .preload('remittance')
    .preload('settlement')
    .forUpdate()
    .firstOrFail()
