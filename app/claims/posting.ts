import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import type { Part } from '#claims/allocation'

/**
 * A claim's receivables (`claim_*`) stand against `creditor_claims`: they are the creditor's,
 * not ours. Money received is `client_funds`, owed to the creditor (`creditor_payable`) or,
 * when nobody owes it, kept in `suspense`. What is remitted leaves both; the fee kept from it, when
 * the mandate says so, stands in `agency_fee` until it leaves the dedicated account. Money that went
 * to the creditor's own account never comes to us: it is in `creditor_account`, against what it
 * settled (`creditor_paid`) and what the creditor must give back (`creditor_surplus`). A fee that the
 * creditor pays itself never touches the funds of creditors: it moves `agency_bank` and
 * `fee_receivable`.
 */
export type Account =
  | 'claim_principal'
  | 'claim_interest'
  | 'claim_indemnity'
  | 'creditor_claims'
  | 'client_funds'
  | 'creditor_payable'
  | 'agency_fee'
  | 'suspense'
  | 'creditor_account'
  | 'creditor_paid'
  | 'creditor_surplus'
  | 'agency_bank'
  | 'fee_receivable'

/** A credit note is a `reversal` of a part of an invoice's opening. */
type PostingKind =
  | 'opening'
  | 'accrual'
  | 'payment'
  | 'receipt'
  | 'reversal'
  | 'remittance'
  | 'fee'
  | 'withdrawal'
  | 'settlement'

export type NewPosting = {
  key: string
  kind: PostingKind
  creditorId: number
  /** Null when the money of many files moves at once: a remittance, the fees that leave. */
  claimId: number | null
  invoiceId: number | null
  paymentId: number | null
  creditNoteId?: number | null
  debit: Account
  credit: Account
  cents: Cents
  effectiveOn: CivilDate
  reversesId?: number
  reason: string
}

/** Where money received stands, what it settled, and what nobody owed (rule 30). */
export type Receiving = { money: Account; settled: Account; surplus: Account }

export const HELD: Receiving = { money: 'client_funds', settled: 'creditor_payable', surplus: 'suspense' }

export const DIRECT: Receiving = {
  money: 'creditor_account',
  settled: 'creditor_paid',
  surplus: 'creditor_surplus',
}

export const PART_ACCOUNT: Record<Part, Account> = {
  interest: 'claim_interest',
  principal: 'claim_principal',
  indemnity: 'claim_indemnity',
}
