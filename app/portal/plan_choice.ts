import type { Infer } from '@vinejs/vine/types'
import type { CivilDate } from '#shared/clock'
import { parseEuros } from '#shared/money'
import type Claim from '#claims/models/claim'
import { draftPlan, type PlanDraft } from '#payments/plans/draft'
import { isPlan, monthChoices, monthsFor, PLAN_DAYS } from '#payments/plans/rules'
import type { Problem } from '#portal/problems'
import type { Statement } from '#portal/statement'
import type { planChoice } from '#portal/validators'

/** What a debtor looks at before agreeing. */
export type PlanChoice = {
  choices: number[]
  months: number
  day: number
  draft: PlanDraft
  problems: Problem[]
}

/**
 * True when the whole file may be planned: its creditor allows it, all of it is due, and no debit is
 * under way.
 */
export const mayPlan = ({ creditor }: Claim, { standing, owed, payableCents, upcomingInvoices }: Statement) =>
  standing === 'due' &&
  owed.missingRates.length === 0 &&
  payableCents === owed.totalCents &&
  upcomingInvoices.length === 0 &&
  monthChoices(owed.totalCents, creditor).length > 0

/** In four times where that may be, or as asked: by a count, or by what can be paid each month. */
export function choosePlan(
  claim: Claim,
  { owed }: Pick<Statement, 'owed'>,
  asked: Partial<Infer<typeof planChoice>>,
  today: CivilDate
): PlanChoice {
  const choices = monthChoices(owed.totalCents, claim.creditor)
  const usual = Math.min(4, choices.at(-1) ?? 2)
  const monthlyCents = asked.amount ? parseEuros(asked.amount) : null
  const byAmount = monthlyCents === null ? null : monthsFor(owed.totalCents, monthlyCents)
  const problems = asked.amount && byAmount === null ? [{ field: 'amount', key: 'plan_amount' }] : []
  const byCount = asked.count && isPlan(owed.totalCents, asked.count) ? asked.count : usual
  const months = byAmount ?? byCount
  const day = asked.day ?? PLAN_DAYS[0]
  const draft = draftPlan(claim, owed, { months, dayOfMonth: day, today })
  return { choices, months, day, draft, problems }
}
