import { BankMatchingRuleSchema } from '#database/schema'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Agency from '#agency/models/agency'
import type { MatchingRules } from '#banking/matching/judge'

export const RULE_COLUMNS = [
  'byReference',
  'byFileReference',
  'byEndToEnd',
  'byIbanAmount',
  'surplus',
] as const
type RuleColumns = Record<(typeof RULE_COLUMNS)[number], boolean> & { holdDays: number }

/** All that is certain; what is paid too much goes to suspense (rule 30). */
const DEFAULTS: RuleColumns = {
  byReference: true,
  byFileReference: true,
  byEndToEnd: true,
  byIbanAmount: true,
  surplus: true,
  holdDays: 5,
}

/** Which ways of knowing a file the agency lets post money without a person. */
export default class BankMatchingRules extends BankMatchingRuleSchema {
  static override table = 'bank_matching_rules'

  static async columns(): Promise<RuleColumns> {
    const agency = await Agency.current()
    return (agency && (await this.findBy('agencyId', agency.id))) ?? DEFAULTS
  }

  static async current(): Promise<MatchingRules> {
    const { byReference, byFileReference, byEndToEnd, byIbanAmount, surplus, holdDays } = await this.columns()
    return {
      reference: byReference,
      file_reference: byFileReference,
      end_to_end: byEndToEnd,
      iban_amount: byIbanAmount,
      surplus,
      holdDays,
    }
  }

  static async set(columns: RuleColumns) {
    const { id: agencyId } = await Agency.currentOrFail()
    await transaction(async (trx) => {
      const rules = (await this.findBy({ agencyId }, { client: trx })) ?? new BankMatchingRules()
      await rules
        .useTransaction(trx)
        .merge({ ...columns, agencyId, updatedAt: clock.now() })
        .save()
    })
  }
}
