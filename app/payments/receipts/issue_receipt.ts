import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { numbered, takeNumbers } from '#shared/numbering'
import Receipt from '#payments/models/receipt'

/** Issues the next receipt of the year (R124-6, rule 33): its number is taken in the caller's transaction, so that none is skipped. */
export async function issueReceipt(
  trx: TransactionClientContract,
  receipt: { paymentId: number; remainingCents: Cents; replacesId?: number },
  today: CivilDate
): Promise<Receipt> {
  const year = Number(today.slice(0, 4))
  return Receipt.create(
    {
      ...receipt,
      number: numbered('Q', year, await takeNumbers(trx, 'receipt', year)),
      issuedOn: today,
      createdAt: clock.now(),
    },
    { client: trx }
  )
}
