import { FeeWithdrawalSchema } from '#database/schema'

/** Fees kept that left the dedicated account for the agency's own. */
export default class FeeWithdrawal extends FeeWithdrawalSchema {
  static override table = 'fee_withdrawals'
}
