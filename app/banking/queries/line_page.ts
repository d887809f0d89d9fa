import { ClaimList } from '#claims/queries/claim_list'
import { returnableMatches } from '#banking/queries/returnable_matches'
import { suggestionsFor } from '#banking/queries/suggestions'
import { looksReturned, stripePayout } from '#banking/matching/proposals'
import type BankLine from '#banking/models/bank_line'
import FeeInvoice from '#banking/fees/fee_invoice'
import { invoicesOfLine } from '#banking/fees/invoices_of_line'
import RemittanceMovement from '#banking/remittances/models/remittance_movement'
import { comingBack, leaving, proposalsOf } from '#banking/remittances/queries/remittances_of_line'
import { MOST_PARTS } from '#banking/validators'

/** One line, what speaks for which file, and the files that a person looks for. */
export async function linePage(line: BankLine, q: string) {
  await line.load('statement')
  await line.load('user')
  await line.load('matches', (matches) =>
    matches
      .orderBy('part')
      .preload('payment')
      .preload('claim', (claim) => claim.preload('debtor'))
  )
  const undecided = line.state === 'open' || line.state === 'suggested'
  const credit = line.amountCents > 0
  return {
    line,
    q,
    undecided,
    credit,
    suggestions: (await suggestionsFor([line])).get(line.id) ?? [],
    found: q && undecided && credit ? (await new ClaimList({ q }).page(1)).items.slice(0, 10) : [],
    parts: Array.from({ length: MOST_PARTS }, (_, index) => index),
    payout: undecided && stripePayout(line) !== null,
    returns: undecided && !credit ? await returnableMatches(line) : [],
    looksReturned: looksReturned(line),
    remittances: undecided ? proposalsOf(line, credit ? await comingBack(line) : await leaving(line)) : [],
    invoices: undecided && line.matches.every(({ undoneAt }) => undoneAt) ? await invoicesOfLine(line) : [],
    settled: await FeeInvoice.query()
      .whereHas('settlement', (settlement) => void settlement.where('lineId', line.id))
      .preload('remittance', (remittance) => remittance.preload('creditor'))
      .first(),
    movements: await RemittanceMovement.query()
      .where('lineId', line.id)
      .preload('remittance', (remittance) => remittance.preload('creditor'))
      .orderBy('id'),
  }
}
