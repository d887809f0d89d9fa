import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { dialect } from '#shared/transaction'
import type { NewPosting } from '#claims/posting'

export type RemittanceToPost = {
  id: number
  creditorId: number
  netCents: Cents
  /** The fee with its VAT kept from it, when the mandate lets the agency (rule 37); negative when given back. */
  keptCents: Cents
  /** Which transfer of it this is, from 1: the bank may have sent the ones before back. */
  attempt: number
}

const OF_MANY_FILES = { claimId: null, invoiceId: null, paymentId: null } as const

/** What left for a creditor: the sum paid, and the fee kept from it. Its key makes it once for a transfer. */
export function remittancePostings(remittance: RemittanceToPost, paidOn: CivilDate): NewPosting[] {
  const { id, creditorId, netCents, keptCents, attempt } = remittance
  const common = { ...OF_MANY_FILES, creditorId, effectiveOn: paidOn }
  const key = attempt === 1 ? `remittance:${id}` : `remittance:${id}:${attempt}`
  const paid: NewPosting = {
    ...common,
    key,
    kind: 'remittance',
    debit: 'creditor_payable',
    credit: 'client_funds',
    cents: netCents,
    reason: 'remittance',
  }
  if (keptCents === 0) return [paid]
  const fee = {
    ...common,
    key: `${key}:fee`,
    kind: 'fee',
    cents: Math.abs(keptCents),
    reason: 'fee',
  } as const
  // Money went back after its fee was kept: the fee goes the other way.
  const given: NewPosting =
    keptCents > 0
      ? { ...fee, debit: 'creditor_payable', credit: 'agency_fee' }
      : { ...fee, debit: 'agency_fee', credit: 'creditor_payable' }
  return [paid, given]
}

/**
 * The id in such a key (`remittance:12:2:fee`), as SQL to join by; for postings whose kind has one.
 *
 * @param key the SQL of the key, which may belong to a posting of any kind
 * @param holds the SQL that says whether its kind has one
 */
export const idInKey = (key: string, holds: string) =>
  dialect() === 'postgres'
    ? `(case when ${holds} then split_part(${key}, ':', 2)::bigint end)`
    : `(case when ${holds} then cast(substr(${key}, instr(${key}, ':') + 1) as integer) end)`

/** Fees kept that leave the dedicated account for the agency's own, creditor by creditor. */
export const withdrawalPostings = (
  withdrawalId: number,
  kept: readonly { creditorId: number; cents: Cents }[],
  on: CivilDate
): NewPosting[] =>
  kept.map(({ creditorId, cents }) => ({
    ...OF_MANY_FILES,
    key: `withdrawal:${withdrawalId}:${creditorId}`,
    kind: 'withdrawal',
    creditorId,
    debit: 'agency_fee',
    credit: 'client_funds',
    cents,
    effectiveOn: on,
    reason: 'withdrawal',
  }))

export type FeeSettlementToPost = {
  id: number
  creditorId: number
  /** Negative when the agency paid a credit note. */
  amountCents: Cents
}

/** A fee invoice that its creditor paid to the agency's own account; `undone` when it was marked by mistake. */
export function feeSettlementPosting(
  { id, creditorId, amountCents }: FeeSettlementToPost,
  on: CivilDate,
  undone = false
): NewPosting {
  const received = amountCents > 0 !== undone
  return {
    ...OF_MANY_FILES,
    key: `fee_settlement:${id}${undone ? ':undone' : ''}`,
    kind: 'settlement',
    creditorId,
    debit: received ? 'agency_bank' : 'fee_receivable',
    credit: received ? 'fee_receivable' : 'agency_bank',
    cents: Math.abs(amountCents),
    effectiveOn: on,
    reason: undone ? 'fee_settlement_undone' : 'fee_settlement',
  }
}
