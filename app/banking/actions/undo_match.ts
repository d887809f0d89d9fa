import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { sum } from '#shared/money'
import { transaction } from '#shared/transaction'
import { TakeBackPayment } from '#payments/actions/take_back_payment'
import type Payment from '#payments/models/payment'
import PaymentReturn from '#payments/models/payment_return'
import BankLine from '#banking/models/bank_line'

export type MatchToUndo = { lineId: number; matchId: number; reason: string; userId: number }

export type UndoneMatch = { outcome: 'undone' | 'already_undone' | 'not_undoable' }

/**
 * A line was given to the wrong file: what it posted is reversed, once (rule 32), and the line is
 * open again, for a person. Money that the bank took back meanwhile is not taken back twice.
 */
export class UndoMatch {
  handle({ lineId, matchId, reason, userId }: MatchToUndo): Promise<UndoneMatch> {
    return transaction(async (trx) => {
      const line = await BankLine.locked(trx, lineId)
      const match = line.matches.find(({ id }) => id === matchId)
      if (match?.kind !== 'payment') return { outcome: 'not_undoable' }
      if (match.undoneAt) return { outcome: 'already_undone' }
      await match.load('payment')
      const left = await leftOf(trx, match.payment)
      // What went back to its sender cannot be given to another file.
      if (left < match.amountCents) return { outcome: 'not_undoable' }
      const { outcome } = await new TakeBackPayment().handle(
        {
          payment: match.payment,
          how: 'correction',
          source: `bank:${line.key}:undo:${match.part}`,
          totalCents: left,
          returnedOn: clock.today(),
          userId,
        },
        trx
      )
      if (outcome !== 'taken_back') throw new Error(`the payment of match ${match.id} could not be reversed`)
      await match.merge({ undoneAt: clock.now(), undoneById: userId, undoReason: reason }).save()
      await line.merge({ state: 'open' }).save()
      return { outcome: 'undone' }
    })
  }
}

async function leftOf(trx: TransactionClientContract, { id, amountCents }: Payment) {
  const returns = await PaymentReturn.query({ client: trx }).where('paymentId', id)
  return amountCents - sum(returns.map((one) => one.amountCents))
}
