import { BankMatchingRuleSchema } from '#database/schema'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import Agency from '#agency/models/agency'
import type { MatchingRules } from '#banking/matching/judge'

/** Which ways of knowing a file the agency lets post money without a person. */
export default class BankMatchingRules extends BankMatchingRuleSchema {
  static override table = 'bank_matching_rules'

  /** The agency's, or the defaults: all that is certain, and what is paid too much goes to suspense (rule 30). */
  static async current(trx?: TransactionClientContract): Promise<MatchingRules> {
    const agency = await Agency.query({ client: trx }).orderBy('id').first()
    const own = agency && (await this.findBy('agencyId', agency.id, { client: trx }))
    return {
      reference: own?.byReference ?? true,
      file_reference: own?.byFileReference ?? true,
      end_to_end: own?.byEndToEnd ?? true,
      iban_amount: own?.byIbanAmount ?? true,
      surplus: own?.surplus ?? true,
    }
  }
}
