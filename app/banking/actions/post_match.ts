import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import type { Cents } from '#shared/money'
import { ReceivePayment } from '#payments/actions/receive_payment'
import BankMatch from '#banking/models/bank_match'
import type BankLine from '#banking/models/bank_line'

export type MatchToPost = Pick<BankMatch, 'strategy' | 'score' | 'reasons' | 'userId'> & {
  claimId: number
  amountCents: Cents
}

const NOTE_LENGTH = 200

/**
 * Posts a part of a line to a file, as a transfer received on the day it was booked. Each part of
 * a line is a source of its own, `bank:<key>` then `bank:<key>:2`: none is posted twice (rule 31).
 *
 * @param line locked, with its matches
 */
export async function postMatch(
  trx: TransactionClientContract,
  line: BankLine,
  match: MatchToPost
): Promise<BankMatch> {
  const part = line.matches.length + 1
  const { outcome, payment } = await new ReceivePayment().handle(
    {
      source: sourceOf(line, part),
      claimId: match.claimId,
      method: 'transfer',
      amountCents: match.amountCents,
      receivedOn: line.bookedOn,
      userId: match.userId,
      note: line.label.slice(0, NOTE_LENGTH) || null,
    },
    trx
  )
  if (outcome !== 'posted') throw new Error(`part ${part} of bank line ${line.id} is posted without a match`)
  const posted = await BankMatch.create(
    { ...match, kind: 'payment', lineId: line.id, part, paymentId: payment.id, createdAt: clock.now() },
    { client: trx }
  )
  line.matches.push(posted)
  await line.merge({ state: line.leftCents === 0 ? 'matched' : 'open' }).save()
  return posted
}

export const sourceOf = (line: BankLine, part: number) => `bank:${line.key}${part === 1 ? '' : `:${part}`}`
