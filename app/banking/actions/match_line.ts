import { sum, type Cents } from '#shared/money'
import { transaction } from '#shared/transaction'
import Claim from '#claims/models/claim'
import { postMatch } from '#banking/actions/post_match'
import BankLine from '#banking/models/bank_line'

export type LineToMatch = {
  lineId: number
  /** The files, and how much of the line each gets; the rest stays open. */
  parts: { claimRef: string; amountCents: Cents }[]
  userId: number
}

export type MatchedLine =
  | { outcome: 'matched'; leftCents: Cents }
  | { outcome: 'not_open' | 'not_a_credit' | 'more_than_left' | 'nothing' }
  | { outcome: 'unknown_claim'; claimRef: string }

/** A person says whose money a line is: one file's, or several files'. All of the parts are posted, or none. */
export class MatchLine {
  handle({ lineId, parts, userId }: LineToMatch): Promise<MatchedLine> {
    return transaction(async (trx) => {
      const line = await BankLine.locked(trx, lineId)
      if (line.amountCents <= 0) return { outcome: 'not_a_credit' }
      if (!['open', 'suggested'].includes(line.state)) return { outcome: 'not_open' }
      if (parts.length === 0 || parts.some(({ amountCents }) => amountCents <= 0))
        return { outcome: 'nothing' }
      if (sum(parts.map(({ amountCents }) => amountCents)) > line.leftCents) {
        return { outcome: 'more_than_left' }
      }
      const claims = await Claim.query({ client: trx }).whereIn(
        'ref',
        parts.map(({ claimRef }) => claimRef)
      )
      const missing = parts.find(({ claimRef }) => !claims.some(({ ref }) => ref === claimRef))
      if (missing) return { outcome: 'unknown_claim', claimRef: missing.claimRef }
      for (const { claimRef, amountCents } of parts) {
        const claimId = claims.find(({ ref }) => ref === claimRef)!.id
        await postMatch(trx, line, {
          claimId,
          amountCents,
          strategy: 'person',
          score: 100,
          reasons: [],
          userId,
        })
      }
      return { outcome: 'matched', leftCents: line.leftCents }
    })
  }
}
