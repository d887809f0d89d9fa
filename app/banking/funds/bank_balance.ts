import type { CivilDate, Instant } from '#shared/clock'
import type { Cents } from '#shared/money'
import Agency from '#agency/models/agency'
import { accountForms } from '#banking/statements/account_forms'
import AccountBalance from '#banking/funds/account_balance'
import BankPeriod from '#banking/models/bank_period'

/** What the bank says is on the dedicated account at the end of a day, and how we know. */
export type BankBalance = { on: CivilDate; cents: Cents } & (
  | { source: 'statement'; statement: string; filename: string }
  | { source: 'typed'; by: string | null; at: Instant }
)

/** The dedicated account as its statements may write it; none until the agency has said which it is. */
export async function dedicatedAccounts(): Promise<string[]> {
  const agency = await Agency.query().orderBy('id').first()
  return agency?.dedicatedIban ? accountForms(agency.dedicatedIban) : []
}

/**
 * The last balance known until a day. A statement of that day says more than what a person typed
 * for it; of two statements, or two typed balances, the last given counts.
 */
export async function lastBalance(until: CivilDate): Promise<BankBalance | null> {
  const period = await BankPeriod.query()
    .whereIn('account', await dedicatedAccounts())
    .where('closingOn', '<=', until)
    .preload('statement')
    .orderBy('closingOn', 'desc')
    .orderBy('id', 'desc')
    .first()
  const typed = await AccountBalance.query()
    .where('balanceOn', '<=', until)
    .preload('user')
    .orderBy('balanceOn', 'desc')
    .orderBy('id', 'desc')
    .first()
  if (period && (!typed || period.closingOn! >= typed.balanceOn)) {
    const { ref: statement, filename } = period.statement
    return { on: period.closingOn!, cents: period.closingCents!, source: 'statement', statement, filename }
  }
  if (!typed) return null
  const { balanceOn: on, amountCents: cents, user, createdAt: at } = typed
  return { on, cents, source: 'typed', by: user?.fullName ?? null, at }
}

/** Where the statements of the dedicated account begin: the balance before the first line we may know. */
export async function firstOpening(
  accounts: readonly string[]
): Promise<{ on: CivilDate; cents: Cents } | null> {
  const period = await BankPeriod.query()
    .whereIn('account', [...accounts])
    .whereNotNull('openingOn')
    .preload('statement')
    .orderBy('openingOn')
    .orderBy('id')
    .first()
  if (!period) return null
  const { openingOn, openingCents, statement } = period
  // Some banks date the opening balance of the day of the first line, others of the day before.
  const on = [openingOn!, statement.fromOn ?? openingOn!].sort()[0]!
  return { on, cents: openingCents! }
}
