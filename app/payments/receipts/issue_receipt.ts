import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { numbered, takeNumbers } from '#shared/numbering'
import { unknownInterest } from '#claims/owed'
import Receipt from '#payments/models/receipt'

type ReceiptToIssue = {
  paymentId: number
  claimId: number
  on: CivilDate
  remainingCents: Cents
  replacesId?: number
}

/**
 * Issues the next receipt of the year (R124-6, rule 33): its number is taken in the caller's
 * transaction, so that none is skipped. What remains is what was owed `on` that day; it keeps which
 * half-year had no rate then, so that a rate published since makes nobody's receipt say "settled".
 */
export async function issueReceipt(
  trx: TransactionClientContract,
  { claimId, on, ...receipt }: ReceiptToIssue,
  today: CivilDate
): Promise<Receipt> {
  const year = Number(today.slice(0, 4))
  return Receipt.create(
    {
      ...receipt,
      missingSemester: await unknownInterest(claimId, on, trx),
      number: numbered('Q', year, await takeNumbers(trx, 'receipt', year)),
      issuedOn: today,
      createdAt: clock.now(),
    },
    { client: trx }
  )
}
