import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addWorkingDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import type { MatchingRules, Suggestion } from '#banking/matching/judge'

/** An amount alone may be anybody's: it holds nobody's reminders. */
const LEAST_HOLDING_SCORE = 50

/** What is already counted, or would settle nothing, keeps no reminder. */
const HOLDS_NOTHING = ['known_elsewhere', 'written_by_hand', 'closed', 'nothing_owed']

const holds = ({ score, reasons }: Suggestion) =>
  score >= LEAST_HOLDING_SCORE && !reasons.some((reason) => HOLDS_NOTHING.includes(reason))

/**
 * Notes the files that a line waiting for a person may pay: their debtors are not reminded until
 * somebody decides, or for so many working days (`campaigns/due/judge.ts` reads it). Noting a line
 * again changes nothing of what it holds already, so that no line holds a file for ever.
 */
export async function holdFiles(
  trx: TransactionClientContract,
  lineId: number,
  suggestions: readonly Suggestion[],
  { holdDays }: Pick<MatchingRules, 'holdDays'>
) {
  const held = suggestions.filter(holds)
  if (holdDays === 0 || held.length === 0) return
  const untilOn = addWorkingDays(clock.today(), holdDays)
  await trx
    .insertQuery()
    .table('awaited_transfers')
    .knexQuery.insert(
      held.map(({ claimId }) => ({
        line_id: lineId,
        claim_id: claimId,
        until_on: untilOn,
        created_at: clock.now(),
      }))
    )
    .onConflict(['line_id', 'claim_id'])
    .ignore()
}
