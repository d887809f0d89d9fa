import Creditor from '#creditors/models/creditor'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'

/**
 * Sets a creditor's bank details the first time. Somebody who enters its space
 * can therefore never send its money elsewhere: only the agency changes them.
 *
 * @returns false when they were already set
 */
export default class SetBankDetails {
  async handle(creditorId: number, details: { iban: string; bic?: string | null }): Promise<boolean> {
    return transaction(async (trx) => {
      const [set] = await Creditor.query({ client: trx })
        .where('id', creditorId)
        .whereNull('iban')
        .update({ iban: details.iban, bic: details.bic ?? null, updatedAt: clock.now() })
      return Number(set) > 0
    })
  }
}
