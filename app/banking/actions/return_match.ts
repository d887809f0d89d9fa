import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { TakeBackPayment } from '#payments/actions/take_back_payment'
import BankLine from '#banking/models/bank_line'
import BankMatch from '#banking/models/bank_match'
import { returnableMatches } from '#banking/queries/returnable_matches'

export type LineToReturn = { lineId: number; matchId: number; userId: number }

export type ReturnedMatch = { outcome: 'returned' | 'not_open' | 'not_returnable' }

/** The bank took a transfer back: a person says which, and the file owes again (rule 32). */
export class ReturnMatch {
  handle({ lineId, matchId, userId }: LineToReturn): Promise<ReturnedMatch> {
    return transaction(async (trx) => {
      const line = await BankLine.locked(trx, lineId)
      if (!line.isUndecided) return { outcome: 'not_open' }
      const found = (await returnableMatches(line, trx)).find(({ id }) => id === matchId)
      if (!found) return { outcome: 'not_returnable' }
      await found.load('payment')
      const { outcome } = await new TakeBackPayment().handle(
        {
          payment: found.payment,
          how: 'chargeback',
          source: `bank:${line.key}`,
          totalCents: -line.amountCents,
          returnedOn: line.bookedOn,
          userId,
        },
        trx
      )
      if (outcome !== 'taken_back') return { outcome: 'not_returnable' }
      await BankMatch.create(
        {
          lineId: line.id,
          kind: 'return',
          part: line.matches.length + 1,
          claimId: found.claimId,
          paymentId: found.paymentId,
          amountCents: -line.amountCents,
          strategy: 'person',
          score: 100,
          reasons: [],
          userId,
          createdAt: clock.now(),
        },
        { client: trx }
      )
      await line.merge({ state: 'matched' }).save()
      return { outcome: 'returned' }
    })
  }
}
