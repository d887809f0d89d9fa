import db from '@adonisjs/lucid/services/db'
import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import Claim from '#claims/models/claim'
import { lookUp } from '#banking/matching/candidates'
import { isDoubt, judge, type Suggestion } from '#banking/matching/judge'
import type BankLine from '#banking/models/bank_line'
import BankMatchingRules from '#banking/models/bank_matching_rules'

/** A file proposed for a line, as a person sees it. */
export type ShownSuggestion = {
  claim: Claim
  score: number
  owedCents: Cents
  /** What of the line it would be given. */
  amountCents: Cents
  clues: string[]
  askedOn: CivilDate | null
  owedLatelyOn: CivilDate | null
  doubts: string[]
}

/** What would be proposed today for each line that nobody has decided on, the likeliest first. */
export async function suggestionsFor(lines: readonly BankLine[]): Promise<Map<number, ShownSuggestion[]>> {
  const undecided = lines.filter(({ state }) => state === 'open' || state === 'suggested')
  const rules = await BankMatchingRules.current()
  const looked = await lookUp(db.connection(), undecided)
  const judged = undecided.map((line) => {
    const { facts, candidates } = looked.get(line.id)!
    return { line, candidates, suggestions: judge(facts, candidates, rules).suggestions }
  })
  const ids = judged.flatMap(({ suggestions }) => suggestions.map(({ claimId }) => claimId))
  const claims = await Claim.query().whereIn('id', ids).preload('debtor').preload('creditor')
  return new Map(
    judged.map(({ line, candidates, suggestions }) => [
      line.id,
      suggestions.map((one) => {
        const { owedCents, askedOn, owedLatelyOn } = candidates.find(
          ({ claimId }) => claimId === one.claimId
        )!
        return {
          claim: claims.find(({ id }) => id === one.claimId)!,
          owedCents,
          askedOn,
          owedLatelyOn,
          amountCents: line.leftCents,
          ...worded(one),
        }
      }),
    ])
  )
}

const worded = ({ score, reasons }: Suggestion) => ({
  score,
  clues: reasons.filter((reason) => !isDoubt(reason)),
  doubts: reasons.filter(isDoubt),
})
