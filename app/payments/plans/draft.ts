import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import type Claim from '#claims/models/claim'
import type { Owed } from '#claims/owed'
import { acknowledgementText } from '#payments/plans/acknowledgement'
import { isWithinRules } from '#payments/plans/rules'
import { schedule, type Instalment } from '#payments/plans/schedule'

export type PlanDraft = {
  totalCents: Cents
  instalments: Instalment[]
  withinRules: boolean
  /** What the page shows and what the deed will keep. */
  text: string
}

/** A plan before it is agreed to, on a claim with its creditor and debtor, for all that is due on a day. */
export function draftPlan(
  { creditor, debtor, ref }: Claim,
  owed: Owed,
  { months, dayOfMonth, today }: { months: number; dayOfMonth: number; today: CivilDate }
): PlanDraft {
  const { totalCents } = owed
  const instalments = schedule(totalCents, { months, dayOfMonth, startOn: today })
  const text = acknowledgementText({
    debtor,
    creditor,
    claimRef: ref,
    invoiceNumbers: owed.invoices.filter((line) => line.totalCents > 0).map(({ number }) => number),
    totalCents,
    on: today,
    instalments,
    graceDays: creditor.missedGraceDays,
  })
  return { totalCents, instalments, withinRules: isWithinRules(instalments, creditor), text }
}
