import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import BankMatch from '#banking/models/bank_match'
import type BankLine from '#banking/models/bank_line'

const SHOWN = 5

/**
 * The transfers of that amount, booked until that day, that a debit may have taken back: the
 * likeliest first, by what both lines say of their sender.
 */
export async function returnableMatches(
  line: BankLine,
  trx?: TransactionClientContract
): Promise<BankMatch[]> {
  if (line.amountCents >= 0) return []
  const matches = await BankMatch.query({ client: trx })
    .where('bank_matches.kind', 'payment')
    .whereNull('bank_matches.undone_at')
    .where('bank_matches.amount_cents', -line.amountCents)
    .whereHas('line', (credit) => void credit.where('bookedOn', '<=', line.bookedOn))
    .whereNotExists((taken) =>
      taken
        .from('bank_matches as r')
        .whereColumn('r.payment_id', 'bank_matches.payment_id')
        .where('r.kind', 'return')
    )
    .preload('line')
    .preload('claim', (claim) => claim.preload('debtor'))
    .orderBy('bank_matches.id', 'desc')
    .limit(50)
  return matches.toSorted((a, b) => likeness(b.line, line) - likeness(a.line, line)).slice(0, SHOWN)
}

function likeness(credit: BankLine, debit: BankLine): number {
  const same = (field: 'endToEndId' | 'counterpartyIban' | 'reference' | 'counterparty') =>
    debit[field] !== null && debit[field] === credit[field]
  return (
    Number(same('endToEndId')) * 8 +
    Number(same('counterpartyIban')) * 4 +
    Number(same('reference')) * 2 +
    Number(same('counterparty'))
  )
}
