import { clock, type CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import { rowsOf } from '#shared/sql'
import { dialect, transaction } from '#shared/transaction'
import { withdrawFees } from '#claims/ledger'
import FeeWithdrawal from '#banking/funds/fee_withdrawal'

/**
 * Notes that the fees kept until a day have left the dedicated account: it is for creditors' funds
 * only (R124-2). A second time finds nothing more.
 *
 * @returns the sum that left
 */
export class WithdrawKeptFees {
  handle({ on, userId }: { on: CivilDate; userId: number }): Promise<Cents> {
    return transaction(async (trx) => {
      if (dialect() === 'postgres')
        await trx.rawQuery('lock table fee_withdrawals in share row exclusive mode')
      const rows = await rowsOf<{ creditor_id: number; cents: number }>(
        trx,
        `select creditor_id, sum(case when credit_account = 'agency_fee' then amount_cents else -amount_cents end) as cents
         from postings where (credit_account = 'agency_fee' or debit_account = 'agency_fee') and effective_on <= :on
         group by creditor_id order by creditor_id`,
        { on }
      )
      const kept = rows
        .map((row) => ({ creditorId: Number(row.creditor_id), cents: Number(row.cents) }))
        .filter(({ cents }) => cents > 0)
      if (kept.length === 0) return 0
      const amountCents = sum(kept.map(({ cents }) => cents))
      const { id } = await FeeWithdrawal.create(
        { withdrawnOn: on, amountCents, userId, createdAt: clock.now() },
        { client: trx }
      )
      await withdrawFees(trx, id, kept, on)
      return amountCents
    })
  }
}
