import { FeeSettlementSchema } from '#database/schema'

/** A creditor has paid an invoice of the agency's fee; a mistake is cancelled, never changed. */
export default class FeeSettlement extends FeeSettlementSchema {
  static override table = 'fee_settlements'
}
