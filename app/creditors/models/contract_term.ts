import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ContractTermSchema } from '#database/schema'
import Mandate from '#creditors/models/mandate'
import type { CivilDate } from '#shared/clock'

/** How days become a part of a year: over 365 always, or over the days that the year really has. */
export const DAY_COUNTS = ['ACT_365', 'ACT_ACT'] as const
export type DayCount = (typeof DAY_COUNTS)[number]

/**
 * In which order a payment settles interest, principal and indemnity. Interest goes before
 * principal (C. civ. 1343-1, rule 25); the law does not settle the rank of the 40 €.
 */
export const ALLOCATION_ORDERS = [
  'interest_principal_indemnity',
  'interest_indemnity_principal',
  'indemnity_interest_principal',
  'principal_interest_indemnity',
  'principal_indemnity_interest',
  'indemnity_principal_interest',
] as const
export type AllocationOrder = (typeof ALLOCATION_ORDERS)[number]

/** Rule 25: the principal before the interest only by a clause of the contract. */
export const needsClause = (order: AllocationOrder) => order.indexOf('principal') < order.indexOf('interest')

/**
 * What a creditor's contracts say of late payment. A change is a new row, in force from its day on
 * for all of its files; one of a mandate is for the files taken under that mandate (decision 0023).
 */
export default class ContractTerm extends ContractTermSchema {
  static override table = 'contract_terms'
  declare dayCount: DayCount
  declare allocationOrder: AllocationOrder

  @belongsTo(() => Mandate)
  declare mandate: BelongsTo<typeof Mandate>

  /** Those of all the files of a creditor, the last in force first. */
  static ofCreditor(creditorId: number, client?: QueryClientContract) {
    return ContractTerm.query(client ? { client } : {})
      .where('creditorId', creditorId)
      .whereNull('mandateId')
      .orderBy('effectiveOn', 'desc')
      .orderBy('id', 'desc')
  }
}

/** What a contract says, whatever its day. */
export type AgreedTerms = Pick<ContractTerm, 'dayCount' | 'rateBps' | 'allocationOrder' | 'clause'>

/** What one statement needs of them. */
export type TermsInForce = AgreedTerms & Pick<ContractTerm, 'effectiveOn'> & { id?: number }

/** Without a contract, what the law says. */
export const STATUTORY_TERMS: AgreedTerms = {
  dayCount: 'ACT_365',
  rateBps: null,
  allocationOrder: 'interest_principal_indemnity',
  clause: null,
}

/** Rule 25: a rate of its own, or the principal before the interest, rests on a clause. */
export const lacksClause = ({ rateBps, allocationOrder, clause }: AgreedTerms) =>
  !clause && (rateBps !== null || needsClause(allocationOrder))

/** Nothing that the law does not say already. */
export const isStatutory = ({ dayCount, rateBps, allocationOrder, clause }: AgreedTerms) =>
  dayCount === STATUTORY_TERMS.dayCount &&
  allocationOrder === STATUTORY_TERMS.allocationOrder &&
  rateBps === null &&
  !clause

/** @param terms the last in force first */
export const termsOn = (terms: readonly TermsInForce[], on: CivilDate) =>
  terms.find(({ effectiveOn }) => effectiveOn <= on) ?? STATUTORY_TERMS
