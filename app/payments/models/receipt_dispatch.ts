import { ReceiptDispatchSchema } from '#database/schema'

/** A person has posted or handed over a receipt that no email could bring (rule 33). */
export default class ReceiptDispatch extends ReceiptDispatchSchema {
  static override table = 'receipt_dispatches'
}
