import db from '@adonisjs/lucid/services/db'
import { civilDateAt, type CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import { loadDebts } from '#claims/debts'
import type Claim from '#claims/models/claim'
import { DEBT_ENDING_REASONS, type ClosureReason } from '#claims/models/closure'
import { loadMovements, type Movement } from '#claims/movements'
import {
  amountOwed,
  assertRatesKnown,
  dailyIncrement,
  fallenDue,
  nothingOwed,
  type InvoiceOwed,
  type Owed,
} from '#claims/owed'

/** What is owed on a day and why, line by line (décompte). */
export type Statement = {
  /** Of the invoices that have fallen due: nothing is asked on the others. */
  owed: Owed
  /** Those that fall due on that day or later. */
  upcoming: InvoiceOwed[]
  upcomingCents: Cents
  movements: Movement[]
  /** What one more day adds; null when it adds nothing or tomorrow's rate is not published. */
  dailyCents: Cents | null
  /** Why nothing is owed any more, when the file ended so by that day. */
  endedBy: ClosureReason | null
}

/** The five sums of a statement; the first three sum to the last (rule 8). */
export type StatementTotals = Pick<
  Owed,
  'principalCents' | 'interestCents' | 'indemnityCents' | 'paidCents' | 'totalCents'
>

/**
 * The statement of a claim at the end of a day. Only what takes effect on that day or before
 * counts, so that the same day gives the same statement for ever (rule 24); what is written down
 * later with an earlier day of its own (a transfer found late) is the one thing that changes it.
 *
 * @throws MissingRateError when a half-year has no rate (rule 17)
 */
export async function loadStatement(claim: Claim, on: CivilDate): Promise<Statement> {
  const debt = (await loadDebts([claim.id])).get(claim.id)
  if (!debt) throw new Error(`claim ${claim.id} does not exist`)
  const endedBy = await endOf(claim.id, on)
  const whole = endedBy ? nothingOwed(debt, on) : amountOwed(debt, on)
  assertRatesKnown(whole)
  const owed = fallenDue(whole)
  const upcoming = whole.invoices.filter(({ dueOn, totalCents }) => dueOn >= on && totalCents > 0)
  return {
    owed,
    upcoming,
    upcomingCents: sum(upcoming.map(({ totalCents }) => totalCents)),
    movements: await loadMovements(claim.id, on),
    dailyCents: dailyIncrement(owed) || null,
    endedBy,
  }
}

export const statementTotals = ({ owed }: Statement): StatementTotals => ({
  principalCents: owed.principalCents,
  interestCents: owed.interestCents,
  indemnityCents: owed.indemnityCents,
  paidCents: owed.paidCents,
  totalCents: owed.totalCents,
})

async function endOf(claimId: number, on: CivilDate): Promise<ClosureReason | null> {
  const closure = await db.from('closures').where('claim_id', claimId).first()
  if (!closure || civilDateAt(closure.created_at) > on) return null
  return DEBT_ENDING_REASONS.includes(closure.reason) ? closure.reason : null
}
