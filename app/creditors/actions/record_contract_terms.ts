import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type User from '#users/models/user'
import ContractTerm, { lacksClause, type TermsInForce } from '#creditors/models/contract_term'
import type Creditor from '#creditors/models/creditor'

/**
 * Adds what a creditor's contracts say. Nothing is changed: new terms are a new row, and those
 * in force on a day are the last that take effect by then. A rate of its own, or the principal
 * before the interest, rests on a clause (rule 25).
 */
export default class RecordContractTerms {
  handle(creditor: Creditor, terms: TermsInForce, by: User): Promise<'recorded' | 'clause_required'> {
    return transaction(async (trx) => {
      if (lacksClause(terms)) return 'clause_required'
      await ContractTerm.create(
        { ...terms, creditorId: creditor.id, userId: by.id, createdAt: clock.now() },
        { client: trx }
      )
      return 'recorded'
    })
  }
}
